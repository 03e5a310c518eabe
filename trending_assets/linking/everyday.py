"""Everyday English: words that stand in any text, so that a title made of them says little by itself. General on purpose."""

FUNCTION = """
a about above across after again against ago all almost alone along already also although always am among an and another any
anybody anyone anything anyway are aren around as at away back be because been before behind being below beneath beside
besides between beyond both but by can cannot could couldn did didn do does doesn doing don done down during each either else
enough etc even ever every everybody everyone everything everywhere except few for from further get gets getting go goes going
gone gonna got had hadn has hasn have haven having he hence her here hers herself him himself his how however i if in indeed
inside instead into is isn it its itself just last least less lest let like ll many may maybe me might mine more moreover most
much must my myself near nearly neither never next no nobody none nor not nothing now nowhere of off often oh ok okay on once
one only onto or other others otherwise our ours ourselves out outside over own per perhaps please quite rather re really s
same several shall she should shouldn since so some somebody somehow someone something sometimes somewhere soon still such t
than that the thee their theirs them themselves then there therefore these they this those though through throughout thus thy
till to together too toward towards under unless until unto up upon us ve very via vs was wasn way we well were weren what
whatever when whenever where wherever whether which while who whoever whole whom whose why will with within without won would
wouldn yeah yes yet you your yours yourself yourselves
au aux avec c ce ces con da dans das de dei del della den der des det di dos du e el elle en er es est et ein eine gli het il
ist ja je l la las le les lo los m ma mi n ne non o os ou para pas por pour q que qui se si sie su sur te tu un una und une van
von wir y zu
"""

COMMON = """
able accident account act action actor actress adventure affair afraid afternoon age agent agree air alien aliens alive
allow amazing america american amount ancient angel angels anger angry animal animals anniversary announce answer apart
apartment apocalypse appear apple april area arm arms army arrival arrive art artist ask asleep assassin attack attempt
audience august aunt autumn awake award awards aware awesome awful babies baby bachelor background bad bag ball band bank
bar base basic bath battle beach bear beast beat beautiful beauty bed bee begin beginning behave believe bell belong best
bet better big bigger biggest bill bird birds birth birthday bit bite black blade blank blind block blood bloody blow blue
boat bodies body bomb bone bones book books boot border bored boring born boss bottle bottom bound box boy boys brain brand
brave bread break breakfast breaking breath breathe bridge brief bright brilliant bring broken brother brothers brought
brown bubble build building built bullet burn burning bus business busy button buy cabin cake call called calling camera
camp candy captain car card cards care career careful case cash cast castle cat catch cats cause celebrate center central
century certain chain chair challenge chance change changed changes changing chapter character charge charm chase cheap
check chef chicken chief child childhood children china choice choose chosen christmas church circle circus cities citizen
city class classic clean clear clever climb clock close closed closer clothes cloud club clue coach coast coat code coffee
cold collection college color colors come comedy comes coming commando common community company complete concert confession
connected contact contagion control conversation cook cool cop cops copy corner cost count countdown country couple courage
course court cover crack crash crazy cream create creature crew crime criminal crisis cross crossing crowd crown cruel
cruise cry crying cult culture cup curious current curse cut cute dad daily damage dance dancer dancing danger dangerous
dare dark darker darkest darkness date daughter dawn day days dead deadline deadly deal dear death debt december decide
decision deep defeat definitely degree delivery demon depth desert design desire desperate destination destiny destroy
destruction detail detective determined devil diamond diary die died different dig dinner direct direction director dirty
disappear disaster discover disease district disturbing divide divine divorce doctor document dog dogs doll dollar domestic
doom door doors double doubt dragon dragons drama dream dreamer dreams dress drink drive driver driving drop drug dry duck
due dust duty eager ear early earn earth easier east easy eat eating edge education effect egg eight eighteen eighty
election electric elephant eleven emergency emotional empire empty encounter end ended ending endless ends enemies enemy
energy engine england english enjoy enter entire epic episode equal era escape eternal evening event events everyday evil
exact exactly example excellent exchange exciting excuse exit expect experience experiment expert explain express extra
extract extraordinary extreme eye eyes face faces fact factor factory fail failure fair faith fake fall fallen falling false
fame familiar families family famous fan fans fantastic fantasy far farm fashion fast faster fat fatal fate father fault
favorite favourite fear february feed feel feeling feelings feet female festival fever fiction field fifteen fifth fifty
fight fighter fighting figure file fill film films final finally finals find finding fine finger finish finished fire first
fish five flag flash flat flesh flight floor flower flowers fly flying focus follow following food fool foot football force
foreign forest forever forget forgotten form former forties fortune forty forward found four fourteen fourth fox frame freak
free freedom french fresh friday friend friends friendship frozen fun funeral funny fury future gallery game games gang
garage garden gas gate gathering general generation genius gentle gentleman gentlemen german ghost ghosts giant gift girl
girlfriend girls give given gives glad glass global glory goal goat god goddess gods gold golden good goodbye government
grace grade grand grandmother grant grave gravity gray great greater greatest greatly greed green grey ground group grow
growing grown growth guard guess guest guide guilty gun guns guy guys habit hair half hall halloween hand handle hands
handsome hang hangover happen happened happiness happy harbor hard harder hate haunted head heads health hear heard heart
hearts heat heaven heavy height heist hell hello help hero heroes hey hidden hide high higher highest highway hill hills
history hit hits hold holder hole holiday holidays hollow holy home honest honey honor hope hopes horrible horror horse
horses hospital hot hotel hour hours house houses huge human humans hundred hunger hungry hunt hunter hunting hurry hurt
husband ice idea ideas identity idiot image imagination imagine immigrant impact important impossible inch incident
incredible independence independent indian industry infinite information initial inn innocence innocent insane inspiration
intelligence interest interesting international interview intimate intruder invasion invention invisible invitation invite
iron island islands issue italian jacket jail january japan job jobs join joke joker journey joy judge juice july jump june
jungle junior jury justice keep keeper keeping kept key kick kid kidding kids kill killed killer killers killing kind
kindness king kingdom kings kiss kissing kitchen knife knight knights knock know knowing knowledge known ladies lady lake
lamb land lane language large late later latest laugh laughing launch law lawyer lay lead leader league learn learning leave
leaves leaving led left leg legacy legal legend legends lesson letter letters level liar liberty library licence license lie
lies life lifetime light lighthouse lights limit limits line lines lion lions lips list listen little live lives living load
local lock logan london lonely long longer longest look looking looks loop loose lord lords lose loser losing loss lost lot
lots loud love loved lovely lover lovers loves loving low lower luck lucky lunch machine machines mad made magic magical
magnificent main major make maker makes making male man manager manhattan manner march mark market marriage married marry
mask mass massacre master match mate material matter mean meaning means medicine meet meeting member memories memory men
mention mercy mere mess message met metal method middle midnight mile miles military milk million millions mind minds minute
minutes miracle mirror miss missing mission mist mistake mister mistress mix mob model modern mom moment moments monday
money monkey monster month months mood moon morning mother mothers motion mountain mountains mouse mouth move moved movement
moves movie movies moving mr mrs ms mud murder murders museum music musical mutual mysterious mystery myth naked name named
names narrow nation national native natural nature navy neck need needed needs neighbor neighbors neighbour neighbours nerve
nest net network new newly news newspaper nice night nightmare nights nine nineteen nineties ninety noble noise noon normal
north nose note notebook notes notice notorious novel november nuclear number numbers nurse nuts oath object obsession
obvious ocean october odd offer office officer official oil old older oldest open opening opera operation opposite option
orange order ordinary origin original outbreak outfit outlaw outsider package page paid pain paint painted painting pair
palace panic paper paradise parent parents paris park part particular parties partner partners parts party pass passage
passed passenger passengers passing passion past patch path patient patients pattern pay payback peace peak pearl people
percent perfect performance period person personal phantom phenomenon philadelphia phone photo physical piano pick picture
pictures piece pieces pilot pink pirate pirates pitch place places plain plan plane planet planets plans plant plastic play
played player players playing plays pleasant pleasure plenty pocket poem poet poetry point poison police policy politics
pool poor pop popular position positive possessed possession possible post poster power powerful powers practical precious
present president press pressure pretty prey price pride priest prime prince princess prison prisoner prisoners private
prize probably problem problems process producer product professional professor program project promise promised proof
property protect proud prove public pull pulse punch pure purge purple purpose push put quarter queen quest question
questions quick quiet quit race radio rage rain rainbow raise raising ran random range rank rapid rare rat rate rated rating
ratings raw reach read reader reading ready real reality realize reason rebel rebels receive recent reckless record red
redemption regular related relationship release released remain remains remember remote rent repeat report rescue resident
respect rest restaurant result return returns reunion reveal revenge review reviews revolution rich ride riding right rights
ring rings rise rises rising risk risky rival river road rock rocket role roll room rooms root rope rose rough round route
routine row royal ruin rule rules rumor run runaway runner running runs rush sacred sacrifice sad safe safety said sailor
saint salt salvation sand santa saturday savage save saved saving savior saw say saying says scale scandal scare scared
scary scene scenes school schools science score scout scream screen script sea search season seasons seat second seconds
secret secretary secrets section security see seed seeing seek seem seems seen selfish sell send senior sense sent sentence
separate separation september sequel series serious serve service session set seven seventeen seventh seventy severe sex
shadow shadows shake shame shape share shark sharp sheep shelter sheriff shift shine shining ship shirt shock shoes shoot
shooter shooting shop short shot shots shoulder show shower shows shut shutter sick side sides sight sign signal signs
silence silent silver similar simple sin sing singer singing single sinister sister sisters sit six sixteen sixth sixties
sixty size skin sky sleep sleeping sleepy slow small smart smell smile smoke smooth snake snakes snow social society soft
sold soldier soldiers solid solution son song songs sons sorry sort soul souls sound source south space spark speak speaking
special species speech speed spell spend spider spirit spirits split spoke sport sports spot spring spy square stage stairs
stand standing star stars start started starting state states station statue status stay steal steel step steps stick stolen
stone stop store stories storm story straight strange stranger strangers stream street streets strength stress strike string
strong struck struggle stuck student students studio study stuff stupid style subject succeed success sucker sudden suddenly
suffer sugar suicide suit summer sun sunday sunrise sunset sunshine super support suppose sure surface surprise survival
survive survivor suspect suspects sweet swim sword system table tail take taken takes taking tale tales talk talking tall
tape target task taste taught tax tea teach teacher team tear tears teen teenage television tell telling temple ten terminal
terms terrible terrific territory terror test thank thanks theater theory thief thieves thin thing things think thinking
third thirteen thirties thirty thought thoughts thousand thousands thread threat three threw thrill thriller throne throw
thunder thursday ticket tiger tight time times tiny tired title today told tomorrow tone tonight took tool tooth top total
touch tough tour tower town toy toys track trade tradition traffic tragedy trail trailer train training traitor transfer
transport trap travel traveler treasure treat tree trees trial triangle tribe trick trip triple trouble truce truck true
trust truth try trying tuesday tunnel turn turning tv twelve twenty twice twin twins twist twisted two type ugly ultimate
uncle underground understand underwater unexpected uniform union unique unit united universe university unknown unlikely
unusual upgrade upper upside urban use used useful usual vacation valley value vampire vampires vanish variety vehicle
version victim victory video view village violence violent virgin vision visit visitor visitors voice volume voyage waist
wait waiting wake walk walker walking wall walls want wanted war warm warning warrior warriors wars wash waste watch watched
watcher watching water wave waves weak wealth weapon weapons wear weather wedding wednesday week weekend weeks weight weird
welcome west western wet whale wheel whip whisper white wicked wide widow wife wild win wind window windows wine wing wings
winner winter wire wisdom wise wish wishes witch witches witness wives wolf wolves woman women wonder wonderful wonders wood
woods word words work worker working works world worlds worry worse worst worth wound wrath wreck write writer writing
written wrong yard year years yellow yesterday young younger youngest youth zero zombie zombies zone zoo
"""

LESS_COMMON = """
abandon academy accent acid acre actual addict addicted admiral admire adopt adult advance advantage adventures advice
aeroplane affect african agency aggressive aid aim airline airplane airport aisle album alcohol alley allies ally alpha
altar amateur ambassador amber ambition ambulance ammunition anchor ankle anthem antique ape apes apron arab arch archer
architect arena argue argument aroma arrest arrow arsenal ash ashes asian aspect assault asset astronaut athlete atlas atom
attic attract australian austrian avatar avenue avocado axe bacon badge baggage bake baker bakery balance balcony bald
ballet balloon ballot banana bandit bang banker banner barber bargain bark barn barrel barrier baseball basement basil
basket basketball bass bat batch bathroom battery bay beacon beads beam bean beans beard bearing beaver bedroom beef beer
bees beetle behavior beings belgian bench bend berry betray betrayal bicycle bike billiards billionaire bingo biscuit bishop
blackout blanket blast blaze blend blessed blessing blink blonde blossom blouse boats bolt bonus boost bounce boundary bowl
bowling boxer boxers boxing bracelet brakes branch brass brick bricks bride brides british broker bronze broom brush bucket
buddhist buddy budget buffalo bug bugs builder bulb bull bulldog bullets bully bumper bundle bunny burden burger burial
burrow butcher butler butter butterflies butterfly cabbage cabinet cable cactus cage calendar calf calm camel campaign
camper campus canadian canal cancer candidate candle candles cannon canoe canvas canyon capital cardinal cargo caribbean
carnival carol carpenter carpet carriage carrier carrot cars cart cartoon cartridge casino casting casual catholic cattle
cave caves ceiling cell cells cemetery cereal ceremony champion champions championship chancellor chaos chapel characters
chart charter chauffeur cheek cheer cheers cheese chemical chemist cherry chess chest chicago chilean chill chimney chinese
chips chocolate choir chorus christian cigar cigarette cinder citizens civil claim clan clash classroom clause claw claws
clay cleaner clerk cliff climate clinic cloak cloth clover clown clowns clubs clueless coal cobra cocktail coconut coffin
coin coins collar colleague collector colonel colony colour column columns comfort comic comics command commander commission
committee communist companion compass complain computer concept concrete conference confident conquest conscience consent
conspiracy constant constitution consul consumer context continent contract contrast convict convoy cookie cookies copper
coral cord corn corporal corporate corpse correct corridor cosmic costume cottage cotton council counsel counselor counter
county coupon courier cousin cousins cowboy cowboys cows crab cradle craft crane crater crawl credit creek creep crescent
crest cricket critic critics crocodile crook crops crossbow crossroad crossroads crow crows crucial crude crusade crush
crystal cub cuban cubs cuckoo culprit curfew curtain curtains curve custody custom customer cycle cyclone dagger dairy daisy
dancers darling darts dash database dealer dean debate debris decade deck decoy deed deer default defence defender defense
delay delicate delight delta demand democracy democrat demons denial dentist deputy descent deserter desk dessert detour
deuce device devils devotion dew diamonds dice dictator diet difference difficult digital dignity dim diner dinosaur
dinosaurs dirt disc disciple discipline disco discovery disguise dish disorder display distance distant ditch diver
diversion dizzy dock doctors dolphin donkey donor dope dot dough dove downfall downhill downtown draft drag drain draw
drawer drawing dread dried drift drill drivers drizzle drone drought drown drum drummer drums dual duchess ducks duel duke
dummy dump dune dunes dungeon duo dusk dutch dwarf dynasty eagle eagles earl earring ears earthquake ease eastern echo
eclipse economy editor editorial effort ego egyptian elder elders elect elegant element elevator elf elite embassy ember
embrace emerald emotion emperor empress enchanted encore endgame enforcer engagement engineer enormous entrance entry
envelope envoy envy equation equator equinox errand error escort essay essence estate ethics european everest evidence
evolution exam examination executive exhibit exile exodus exotic expanse expedition expense export exposure extinction
eyebrow fable fabric fairies fairy falcon falls fang fare farewell farmer farmers farms fathom faucet favor feast feather
feathers feature federal fee fence ferry fetch feud fiance fiancee fiddle fidelity fields fierce fighters filipino finnish
fireman fireworks firm firmament fisherman fist flame flames flamingo flare flavor flaw fleet flicker flies flint flip float
flock flood floods florist flour flow flu fluid flute foam fog folk folks folly forbidden forecast forge fork formula fort
fortress forum foster fountain foxes fraction fragile fraud freaks freezer freight frequency frog frogs frontier frost fruit
fuel fugitive fumes function fund funk fur furious furniture fuse galaxy gallows gambit gamble gambler gangs gangster
gangsters gap gardener garlic garment gauge gaze gear gem genes genesis gesture giants gin giraffe girlfriends glance gleam
glove gloves glow goats goblin golf goose gorilla gospel gossip governor gown grain grandfather grandma grandpa granny grape
grass gravel graveyard greek greeks greenhouse grid grief grill grin grip grocery groom grove grudge guardian guardians
guerrilla guilt guitar gulf gull gum gunfire gunner guru gut gym gypsy hacker hail hairy halo ham hammer hangar hangman
harbour hardcore hardware hare harmony harness harp harvest hat hats haul hawk hawks haze headache headline healer heap
hearse heartbeat heathen heathens hedge heel heir heiress heirs helicopter helmet henchman herd heritage hermit heroine
heron hike hiker hindu hint hip hippo hitman hive hobby hockey hog homecoming homeland homicide honesty honeymoon hood hook
hooligan hoop horizon horn hornet hose host hostage hostages hostel hostile hound hounds household housewife hug hulk
humanity humble humor humour hungarian hunters hurricane hustle hustlers hut hymn hypnotic icon ideal identical idle idol
ignition ignore illegal illness illusion immortal immune import impostor impulse inbox incense inception income infamous
infant infection inferno inheritance injury ink inmate inner innings insect insects insider insomnia inspector instinct
institute instrument insurance insurgent intact integrity interior interrogation interstellar invader invaders invest
investigation investor iranian iraqi irish irony isolation israeli ivory ivy jackal jaguar jam janitor japanese jar jaw jaws
jazz jealous jealousy jelly jersey jester jet jewel jewels jewish jigsaw jockey joint judas judges judgment jug jumper junk
jurassic juror justified kangaroo karate karma kettle keyboard keys kidnap kidnapped kidney killjoy kingpin kite kitten kiwi
knee knees knit knives knot knuckle korean label labor labyrinth lace ladder lads lagoon lambs lamp lance landing landlord
lantern lap laser lasso latin laundry lava lavender lawless lawn lawyers layer layers leak leap lease leather ledger legion
lemon lemonade lens leopard leprechaun lesbian lethal leviathan liars liberal librarian lid lieutenant lifeboat lift lighter
lightning lilac lily limbo limitless limousine linen liner linger link lipstick liquid liquor lizard loan loans lobby
lobbyist lobster locker locket locomotive lodge logic lollipop loner lotus lounge loyal loyalty luggage lull lumber lunar
lunatic lung lust luxury lynx lyric madam madame madness maestro mafia magazine maggot magician magnet magnolia maid maiden
mail mall mammoth mansion mantle manual map maple marathon marble margin marine mariner marines marsh marshal martian martyr
martyrs marvel mascot masquerade masterpiece masters matador matches matchmaker math matrix mayhem mayor maze meadow meal
measure meat mechanic mechanism medal media melancholia melancholy melody melt memento memo memorable memorial menace mend
menu mercenary merchant merchants mercury mermaid merry meteor meter mexican microphone microwave migration mime mineral
mining minion minions minister ministry minor minority mint miracles misery misfit misfits missile missionary moan mobile
mobster modesty mole molten monarch monk monks monologue monopoly monsoon monsters monument moonlight moose moral moron
mortal mortgage mosaic mosquito moss motel moth motive motor motorcycle mound mountaineer mourning moustache mule mummy
municipal muscle muse mushroom musician muslim mustang mustard mutant mutants mutiny mystic mystical nail nails nanny nap
napkin narcotic nativity nazi necklace nectar needle negative neglect negotiator neon nephew nerd nerds neutral niece
nightclub nightfall nightingale nightlife ninja ninjas nobility nobleman nomad nomads nonsense noodle noose norwegian nosy
noun nova novice nun nuns nursery nutcracker nymph oak oasis obey obituary oblivion observatory observer obsessed obstacle
occult occupation octopus odds odyssey offense offering offside offspring olive olympic omega omen opaque operator opponent
oracle oral orbit orchard orchestra orchid ordeal orders organ organic organism orphan orphanage orphans ostrich otter
outback outcast outcome outcry outer outline outpost outrage oven overdose overdrive overlord overnight overture owl owls
owner oxygen oyster oz pace pacifier pact paddle padlock padre pageant pail palm pan pancake panda panel panther pants
papers parachute parade paradox parallel paralysis parasite parasites parcel pardon parking parliament parole parrot
passport password pasta pastor pastry pasture patriot patriots patrol patron pause pavement pawn paycheck peach peacock
peaks peanut peanuts pear pebble pedal peel pen penalty pencil penguin penguins penthouse pepper perfume peril perish
permission permit perpetual persian pest phantoms phase philosopher phoenix photographer phrase physician pianist pig pigeon
pigs pile pilgrim pill pillar pillow pills pilots pin pinch pine pinnacle pint pioneer pioneers pipe pistol pit pizza plague
plaid plantation plaster plate platform platinum platoon plaza pleading pledge plot plough plow pluck plug plum plumber
plunder plus podium poetic poker polar pole polish polite poll pollution polo pony pope poppy porcelain porch pork port
portal porter portrait portuguese postcard postman potato potion pottery pouch powder prairie praise prayer prayers preacher
predator predators predict prejudice premium premonition prescription presence presents preserve prestige prestigious
pretend pretender prevent previews priestess primal primary primate primrose principal print printer priority privilege
probation procedure proceed prodigal prodigy profession profile profit prohibition projector prologue prom promenade
propaganda propeller prophecy prophet prosecutor prospect protector protest protocol prowl proxy psychic psycho pub
publisher puddle puff pumpkin punisher punishment pupil puppet puppy purchase purgatory pursuit puzzle pyramid quail quake
quarantine quarry quarterback quartet quartz quay queens quicksand quilt quiz quota rabbit rabbits racer racket radar raft
ragtime raid raider raiders railroad railway rainy ram ramp ranch ranger rangers ransom rap rapper rapture rascal raven
ravens razor reaction reactor reaper rebellion rebirth receipt receiver reception recipe reckoning recoil recruit recruits
reef referee reflection reform refuge refugee refund regiment region regret reign reindeer relative relay relic relief
religion reluctant remedy remorse renegade renegades repair replica reporter reptile republic republican request requiem
reserve reservoir residence resist resistance resolution resort resource respond response restless restoration retreat
retribution revelation reverend reverse revolt revolver reward rhapsody rhino rhyme rhythm rib ribbon rice riddle rider
riders ridge rifle rigged riot riots ripper ripple ritual rivals roach roar roast robber robbers robbery robe robot robots
rocker rockets rocky rodeo rogue rogues roles roller roman romance romans romantic roof roommate rooster roses roulette
rover rubber rubble rug rugby ruins ruler rumble runway russian rust ruthless rye sabotage saddle sadness safari saga saints
salad salary sale salesman salmon saloon salute samurai sanctuary sandal sandman sandwich sapphire satellite satisfaction
sauce sausage savages savings scar scarecrow scarf scarlet scars scatter scenario scent schedule scheme scholar scholarship
scientist scissors scoop scorpion scotch scottish scratch screw scroll sculptor seal seasick seaside sector seducer
seduction seeker selfie seller senate senator sentinel sentry sequence serenade serenity sergeant sermon serpent servant
servants severance sewer shaft shaman shampoo shamrock shapes sharks shatter shattered shawl shed sheet shell sheltered
shepherd shield shields shiver shogun shopper shore shortage shorts shotgun shout shovel showdown showgirl shrimp shrine
shuffle shuttle siege sierra signature silk silky silo sinner sinners sip siren sirens sketch ski skull skulls skyline
skyscraper slacker slam slap slasher slave slavery slaves sled sleeper sleet sleeve slice slide slipper slogan slope slot
smash smog smoking smuggler snack snail snap snapper sniper snitch soap soccer socks sofa solace solar sole solitaire
solitary solitude soloist sonata sonic soothsayer sorcerer sorrow soup sour southern sovereign spanish sparrow spartan
spartans spear specialist specialists specimen spectacle spectre spectrum sphere sphinx spice spiders spies spike spinner
spiral splash splendor spoiler sponge spoon spotlight spouse spray spread sprinter squad squadron squash squid squirrel
stable stadium staff stag staircase stake stalker stallion stamp standard staple stardust starfish starlight starry starship
starter starvation statesman static stationery steak steaks steam steep stem stepmother stereo steward sticker sting stitch
stoker stomach stool storage stork stove stowaway strand strategy straw strawberry strays striker strip stripes stripper
stroke stroll stubborn stumble stunt submarine suburb suburbs subway succession suitcase sultan summit sunflower sunny
supper supreme surf surfer surge surgeon surgery surrender surrogate surveillance suspense suspicion swallow swamp swan
swans swarm swear sweater swedish sweep sweetheart swimmer swindle swindler swing swiss switch swords swordsman symbol
symphony symptom syndicate syndrome syrup tablet tack tactics tag tailor talent tango tank tanker tanks tap tapestry
tarantula tariff tart tattoo tattoos taxi teamster technique teddy teller temper tempest temptation tenant tender tenderness
tennis tension tent tentacle terminator terrain terrier terrorist testament testimony texture thaw therapist therapy thesis
thirst thorn thrift throat thrones throttle thrower thug thumb tick tide tie tigers tile timber timeless tin titan titanic
titans toad toast tobacco toilet tolerance toll tomahawk tomato tomb tombs tombstone tongue topaz torch tornado torpedo
tortoise torture tournament towel towers toxic trace tracker tractor traders tragic traitors tramp trance transformer
transformers transit transition translation trapped trash traveller travellers tray treachery treason treaty treehouse trek
tremor tremors trench trends trespass trespasser tribute trigger trilogy trinity trio triumph troll trolley trolls trooper
troops trophy tropic tropical trousers truffle trumpet trunk tsunami tub tube tuition tulip tumble tuna tunnels turbine
turbulence turf turkey turkish turmoil turtle turtles tutor twilight twister tycoon typewriter typhoon tyrant ukrainian
ulcer ultimatum umbrella umpire unborn unbroken uncut underdog undertaker undertow underworld undone unfaithful unfinished
unforgettable unforgiven unicorn unleashed unlimited unrest unseen unspoken unstoppable untamed untouchable untouchables
unwanted uprising uptown urge usher vacancy vacuum vagabond valiant valkyrie valor vanguard vanilla vanity vapor variable
vault veil velocity velvet vendetta vendor vengeance venom ventriloquist venus verdict vermilion verse vertigo vessel vest
vet veteran veterans vice viceroy vietnamese vigilante viking vikings vine vinegar vineyard vintage violet violin viper
virtue virus viruses visions vixen vocal vodka volcano volleyball volunteer vortex vote voter vow voyager vulture wager
wages wagon waitress wallet wallflower walnut walrus waltz wanderer wanderlust ward warden wardrobe warehouse warlock
warlord warship wasp wasps watchdog watchman watchmen waterfall watermelon wax weaver web website wedge weed welsh werewolf
werewolves westerner whiplash whirlpool whisky whistle whistleblower wholesale whore wig wilderness wildfire willow winch
windmill windy wingman wink wipe wiretap wit witchcraft withdrawal wizard wizards womb woodpecker wool workshop worm worms
worship wreckage wrestler wrestling wrist writers yacht yarn yeast yoga yogurt yoke zebra zenith zeppelin zinc zip zodiac
"""

NAMES = """
aaron abby abigail adam adele adrian afghanistan africa agnes aidan alabama alan alaska albania albany albert albuquerque
alex alexa alexander alexandra alexis alfie alfred algeria algiers alice alicia alison amanda amazon amber amelia amir
amsterdam amy ana anaheim anastasia anchorage andorra andre andrea andrew andy angel angela angeles angelina angola angus
anita ankara ann anna annabel anne annie anthony anton antonio april argentina ariel arizona arkansas armenia arnold arthur
asheville ashley asia astrid athens atlanta auckland audrey austin australia austria ava azerbaijan babylon baghdad bahamas
bali baltimore bangkok bangladesh barbados barbara barcelona barney bart bavaria beatrice becky beijing beirut belarus
belfast belgium bella ben benjamin bergen berlin bermuda bernard bernie bert bertha bess beth betty beverly billie billy
birmingham blair blake blanche bob bobby bogota bolivia bombay bonnie bosnia boston botswana boulder brad brandon brazil
brenda brendan brian bridget brighton brisbane bristol britain bronx brooke brooklyn bruce brunei bruno brussels bryan
bucharest budapest bulgaria burgundy burma cairo calcutta caleb calgary california calvin cambodia cambridge cameron
cameroon camille canada canberra candice cannes caracas cardiff carl carla carlo carlos carmen carol carolina caroline
carrie casablanca casey cassandra cate catherine caucasus cecil cecilia celia chad charlene charles charleston charlie
charlotte chechnya chelsea chernobyl chester chicago chile china chloe chris christian christina christine christopher
christy cincinnati cindy claire clara clarence clark claude claudia clay clayton cleo cleveland cliff clifford clint clyde
cody colette colin colorado columbia congo connecticut connie connor conrad constance copenhagen cora cordoba cork corsica
courtney craig crete crimea croatia cuba curtis cynthia cyprus daisy dakota dallas damascus damian dana daniel danielle
danny daphne darius darren darryl darwin dave david dawn dean debbie deborah delaware delhi delia denise denmark dennis
denver derby derek desmond detroit diana diego dominic donald donna doris dorothy doug douglas dover dresden drew dubai
dublin dubrovnik duncan durban dustin dwight dylan earl ecuador ed eddie eden edgar edinburgh edith edna edward edwin egypt
eileen elaine eleanor elena eli elisa eliza elizabeth ella ellen elliot elliott elsa elvis emilia emilio emily emma england
enrique eric erica erin ernest esther estonia ethan ethel ethiopia eugene eunice europe eva evan eve evelyn everest
everglades ezra faith felicity felix fernando fiji finland fiona flanders flora florence florida floyd france frances
francis francisco frank frankfurt frankie fred freddie freddy frederick frida gabriel gail galilee galveston ganges gary
gavin gene geneva genoa geoffrey george georgia gerald germany gerry ghana gibraltar gilbert gina ginger giovanni giselle
glasgow glen glenda gloria gordon grace granada grant greece greenland greenwich greg greta guam guatemala gus guy guyana
gwen haiti halifax hamburg hampshire hamptons hank hannah hanoi harlem harold harriet harry harvey havana hawaii hazel
heather hector heidi helen helsinki henry herbert herman hilary himalayas hiroshima holland holly hollywood homer honduras
honolulu hope houston howard hubert hugo hungary ian iceland ida idaho illinois india indiana indianapolis indonesia ingrid
iowa ira iran iraq ireland irene iris irma irving isaac isabel isla israel istanbul italy ivan ivy jack jackie jacob jade
jakarta jake jamaica james jamie jan jane janet janice japan jared jasmine jason jay jean jeanne jeannie jeff jeffrey jenna
jennifer jenny jeremy jerome jerry jersey jerusalem jess jesse jessica jessie jill jim jimmy jo joan joanna joaquin jodie
joe joel joey johan johannesburg john johnny jolene jonah jonathan jordan jorge jose joseph josephine josh joshua joy joyce
juan juanita judith judy julia julian julie juliet julius juno justin kabul kansas kara karachi karen karl kate katherine
kathy katie katmandu kayla keira keith kelly kelvin ken kenneth kenny kent kentucky kenya kevin kiev kim kirk kit klaus kong
korea kosovo krakow kris kristen kurt kuwait kyiv kyle kyra lagos lahore lancaster lance laos lara larry lars latvia laura
lauren laurence lawrence leah lebanon lee leeds leicester leila lena leningrad lenny leo leon leonard leroy leslie lester
leticia lewis liam libby libya liechtenstein lila lillian lily limerick lincoln lincolnshire linda linus lionel lisa lisbon
lithuania liverpool lloyd loch lodz lois lola london lorenzo lorna lorraine lou louis louise louisiana luca lucas lucia lucy
luis luke luther luxembourg lydia lynn lyon mabel macao macedonia mack madagascar madeleine madison madras madrid maggie
maine malaysia malcolm maldives mali malibu malta manchester mandy manhattan manila manuel marcel marcia marcus margaret
margot maria marianne marie marilyn marina mario marion marisa mark marlon marrakech marseille marsha marshall martha martin
marvin mary maryland mason massachusetts matilda matt matthew maud maureen maurice mauritius mavis max maxine maya mecca
megan mel melanie melbourne melinda melissa melvin memphis mercedes meredith mexico mia miami michael michelle michigan
miguel mike milan mildred miles milo milton milwaukee mindy minneapolis minnesota minsk miranda miriam misha mississippi
missouri mitch mitchell mogadishu moldova molly mona monaco mongolia monica montana montenegro monterey montreal monty
morgan morocco morris moscow moses mozambique muhammad mumbai munich muriel myanmar myra nadia namibia nancy nantucket naomi
naples nashville natalia natalie natasha nathan nebraska ned neil nell nellie nelson nepal netherlands nevada newark
newcastle nicaragua nice nicholas nick nicky nicole nigel niger nigeria nikki nile nina noah noel nora norma norman normandy
norway nottingham nuremberg oakland octavia odessa ohio okinawa oklahoma olaf olga oliver olivia omaha oman ontario opal
oregon orlando osaka oscar oslo otis ottawa otto owen oxford pablo paige pakistan palermo palestine palm pam pamela panama
papua paraguay paris pasadena pat patagonia patricia patrick patsy patty paul paula pauline pearl pedro peggy pennsylvania
penny percy perry persia perth peru pete peter phil philadelphia philip phoebe phoenix phyllis pierre pittsburgh plymouth
poland polly polynesia pompeii portland portsmouth portugal prague preston pretoria priscilla provence qatar quebec queens
quentin quinn quito rachel rafael ralph ramon randy raoul ray raymond rebecca reggie regina rene reno rex reykjavik rhine
rhoda rhode ricardo richard richie rick ricky rio rita robert roberta roberto robin rocco rodney roger roland rome romeo
romy ron ronald ronnie rosa rosalind rosemary rosie ross rotterdam roxanne roy ruby rudy rupert russ russell russia ruth
rwanda ryan sabrina sacramento sadie sahara saigon sal salem sally salzburg sam samantha sammy samoa samuel sandra santiago
sara sarah sarajevo sasha saul savannah scandinavia scotland scott sean seattle senegal seoul serbia sergio seth seville
shane shanghai shannon sharon shawn sheffield sheila shelby sheldon shelley sherry shetland shirley siberia sicily sid
sidney silvia simon simone singapore slovakia slovenia sofia soho somalia sonia sonny sophia sophie southampton spain
spencer stacy stalingrad stan stanford stanley stella stephan stephanie stephen steve steven stevie stewart stockholm
strasbourg stuart sudan sue sumatra susan susie sussex suzanne sven sweden switzerland sydney sylvester sylvia syria tabitha
tahiti taiwan tamara tampa tania tanya tanzania tara tasha tasmania tbilisi ted tehran tennessee teresa terry tess texas
thelma theo theresa thomas thor tibet tiffany tijuana tilda tim timbuktu timothy tina toby todd tokyo toledo tom tommy tonga
toni tony toronto toulouse tracy transylvania travis trevor trieste trinidad tripoli trish tristan trudy tucson tulsa tunis
tunisia turin turkey tuscany tyler tyrone uganda ukraine ulster ursula uruguay utah uzbekistan valencia valentina valentine
valerie vancouver vanessa vatican vegas venice vera vermont vernon verona veronica versailles vicky victor victoria vienna
vietnam vince vincent violet virgil virginia vivian vivien volga wade wakefield wales wallace walter wanda warren warsaw
warwick washington waterloo wayne wellington wendy westminster william wilma wimbledon winnipeg winston wisconsin wyoming
xavier yemen yolanda york yorkshire yugoslavia yukon yvette yvonne zack zagreb zambia zanzibar zelda zimbabwe zoe zurich
"""

FUNCTION_WORDS = frozenset(FUNCTION.split())
LESS_COMMON_WORDS = frozenset(LESS_COMMON.split())
COMMON_WORDS = frozenset(COMMON.split()) | LESS_COMMON_WORDS
NAME_WORDS = frozenset(NAMES.split())
