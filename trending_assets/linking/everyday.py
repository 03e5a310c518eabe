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
abandon able academy accent accident account acid acre act action actor actress actual addict addicted admiral admire adopt
adult advance advantage adventure adventures advice aeroplane affair affect afraid african afternoon age agency agent
aggressive agree aid aim air airline airplane airport aisle album alcohol alien aliens alive alley allies allow ally alpha
altar amateur amazing ambassador amber ambition ambulance america american ammunition amount anchor ancient angel angels
anger angry animal animals ankle anniversary announce answer anthem antique apart apartment ape apes apocalypse appear apple
april apron arab arch archer architect area arena argue argument arm arms army aroma arrest arrival arrive arrow arsenal art
artist ash ashes asian ask asleep aspect assassin assault asset astronaut athlete atlas atom attack attempt attic attract
audience august aunt australian austrian autumn avatar avenue avocado awake award awards aware awesome awful axe babies baby
bachelor background bacon bad badge bag baggage bake baker bakery balance balcony bald ball ballet balloon ballot banana
band bandit bang bank banker banner bar barber bargain bark barn barrel barrier base baseball basement basic basil basket
basketball bass bat batch bath bathroom battery battle bay beach beacon beads beam bean beans bear beard bearing beast beat
beautiful beauty beaver bed bedroom bee beef beer bees beetle begin beginning behave behavior beings belgian believe bell
belong bench bend berry best bet betray betrayal better bicycle big bigger biggest bike bill billiards billionaire bingo
bird birds birth birthday biscuit bishop bit bite black blackout blade blank blanket blast blaze blend blessed blessing
blind blink block blonde blood bloody blossom blouse blow blue boat boats bodies body bolt bomb bone bones bonus book books
boost boot border bored boring born boss bottle bottom bounce bound boundary bowl bowling box boxer boxers boxing boy boys
bracelet brain brakes branch brand brass brave bread break breakfast breaking breath breathe brick bricks bride brides
bridge brief bright brilliant bring british broken broker bronze broom brother brothers brought brown brush bubble bucket
buddhist buddy budget buffalo bug bugs build builder building built bulb bull bulldog bullet bullets bully bumper bundle
bunny burden burger burial burn burning burrow bus business busy butcher butler butter butterflies butterfly button buy
cabbage cabin cabinet cable cactus cage cake calendar calf call called calling calm camel camera camp campaign camper campus
canadian canal cancer candidate candle candles candy cannon canoe canvas canyon capital captain car card cardinal cards care
career careful cargo caribbean carnival carol carpenter carpet carriage carrier carrot cars cart cartoon cartridge case cash
casino cast casting castle casual cat catch catholic cats cattle cause cave caves ceiling celebrate cell cells cemetery
center central century cereal ceremony certain chain chair challenge champion champions championship chance chancellor
change changed changes changing chaos chapel chapter character characters charge charm chart charter chase chauffeur cheap
check cheek cheer cheers cheese chef chemical chemist cherry chess chest chicago chicken chief child childhood children
chilean chill chimney china chinese chips chocolate choice choir choose chorus chosen christian christmas church cigar
cigarette cinder circle circus cities citizen citizens city civil claim clan clash class classic classroom clause claw claws
clay clean cleaner clear clerk clever cliff climate climb clinic cloak clock close closed closer cloth clothes cloud clover
clown clowns club clubs clue clueless coach coal coast coat cobra cocktail coconut code coffee coffin coin coins cold collar
colleague collection collector college colonel colony color colors colour column columns come comedy comes comfort comic
comics coming command commander commando commission committee common communist community companion company compass complain
complete computer concept concert concrete conference confession confident connected conquest conscience consent conspiracy
constant constitution consul consumer contact contagion context continent contract contrast control conversation convict
convoy cook cookie cookies cool cop copper cops copy coral cord corn corner corporal corporate corpse correct corridor
cosmic cost costume cottage cotton council counsel counselor count countdown counter country county couple coupon courage
courier course court cousin cousins cover cowboy cowboys cows crab crack cradle craft crane crash crater crawl crazy cream
create creature credit creek creep crescent crest crew cricket crime criminal crisis critic critics crocodile crook crops
cross crossbow crossing crossroad crossroads crow crowd crown crows crucial crude cruel cruise crusade crush cry crying
crystal cub cuban cubs cuckoo culprit cult culture cup curfew curious current curse curtain curtains curve custody custom
customer cut cute cycle cyclone dad dagger daily dairy daisy damage dance dancer dancers dancing danger dangerous dare dark
darker darkest darkness darling darts dash database date daughter dawn day days dead deadline deadly deal dealer dean dear
death debate debris debt decade december decide decision deck decoy deed deep deer default defeat defence defender defense
definitely degree delay delicate delight delivery delta demand democracy democrat demon demons denial dentist depth deputy
descent desert deserter design desire desk desperate dessert destination destiny destroy destruction detail detective
determined detour deuce device devil devils devotion dew diamond diamonds diary dice dictator die died diet difference
different difficult dig digital dignity dim diner dinner dinosaur dinosaurs direct direction director dirt dirty disappear
disaster disc disciple discipline disco discover discovery disease disguise dish disorder display distance distant district
disturbing ditch diver diversion divide divine divorce dizzy dock doctor doctors document dog dogs doll dollar dolphin
domestic donkey donor doom door doors dope dot double doubt dough dove downfall downhill downtown draft drag dragon dragons
drain drama draw drawer drawing dread dream dreamer dreams dress dried drift drill drink drive driver drivers driving
drizzle drone drop drought drown drug drum drummer drums dry dual duchess duck ducks due duel duke dummy dump dune dunes
dungeon duo dusk dust dutch duty dwarf dynasty eager eagle eagles ear earl early earn earring ears earth earthquake ease
easier east eastern easy eat eating echo eclipse economy edge editor editorial education effect effort egg ego egyptian
eight eighteen eighty elder elders elect election electric elegant element elephant elevator eleven elf elite embassy ember
embrace emerald emergency emotion emotional emperor empire empress empty enchanted encore encounter end ended endgame ending
endless ends enemies enemy energy enforcer engagement engine engineer england english enjoy enormous enter entire entrance
entry envelope envoy envy epic episode equal equation equator equinox era errand error escape escort essay essence estate
eternal ethics european evening event events everest everyday evidence evil evolution exact exactly exam examination example
excellent exchange exciting excuse executive exhibit exile exit exodus exotic expanse expect expedition expense experience
experiment expert explain export exposure express extinction extra extract extraordinary extreme eye eyebrow eyes fable
fabric face faces fact factor factory fail failure fair fairies fairy faith fake falcon fall fallen falling falls false fame
familiar families family famous fan fang fans fantastic fantasy far fare farewell farm farmer farmers farms fashion fast
faster fat fatal fate father fathom faucet fault favor favorite favourite fear feast feather feathers feature february
federal fee feed feel feeling feelings feet female fence ferry festival fetch feud fever fiance fiancee fiction fiddle
fidelity field fields fierce fifteen fifth fifty fight fighter fighters fighting figure file filipino fill film films final
finally finals find finding fine finger finish finished finnish fire fireman fireworks firm firmament first fish fisherman
fist five flag flame flames flamingo flare flash flat flavor flaw fleet flesh flicker flies flight flint flip float flock
flood floods floor florist flour flow flower flowers flu fluid flute fly flying foam focus fog folk folks follow following
folly food fool foot football forbidden force forecast foreign forest forever forge forget forgotten fork form former
formula fort forties fortress fortune forty forum forward foster found fountain four fourteen fourth fox foxes fraction
fragile frame fraud freak freaks free freedom freezer freight french frequency fresh friday friend friends friendship frog
frogs frontier frost frozen fruit fuel fugitive fumes fun function fund funeral funk funny fur furious furniture fury fuse
future galaxy gallery gallows gambit gamble gambler game games gang gangs gangster gangsters gap garage garden gardener
garlic garment gas gate gathering gauge gaze gear gem general generation genes genesis genius gentle gentleman gentlemen
german gesture ghost ghosts giant giants gift gin giraffe girl girlfriend girlfriends girls give given gives glad glance
glass gleam global glory glove gloves glow goal goat goats goblin god goddess gods gold golden golf good goodbye goose
gorilla gospel gossip government governor gown grace grade grain grand grandfather grandma grandmother grandpa granny grant
grape grass grave gravel graveyard gravity gray great greater greatest greatly greed greek greeks green greenhouse grey grid
grief grill grin grip grocery groom ground group grove grow growing grown growth grudge guard guardian guardians guerrilla
guess guest guide guilt guilty guitar gulf gull gum gun gunfire gunner guns guru gut guy guys gym gypsy habit hacker hail
hair hairy half hall halloween halo ham hammer hand handle hands handsome hang hangar hangman hangover happen happened
happiness happy harbor harbour hard hardcore harder hardware hare harmony harness harp harvest hat hate hats haul haunted
hawk hawks haze head headache headline heads healer health heap hear heard hearse heart heartbeat hearts heat heathen
heathens heaven heavy hedge heel height heir heiress heirs heist helicopter hell hello helmet help henchman herd heritage
hermit hero heroes heroine heron hey hidden hide high higher highest highway hike hiker hill hills hindu hint hip hippo
history hit hitman hits hive hobby hockey hog hold holder hole holiday holidays hollow holy home homecoming homeland
homicide honest honesty honey honeymoon honor hood hook hooligan hoop hope hopes horizon horn hornet horrible horror horse
horses hose hospital host hostage hostages hostel hostile hot hotel hound hounds hour hours house household houses housewife
hug huge hulk human humanity humans humble humor humour hundred hungarian hunger hungry hunt hunter hunters hunting
hurricane hurry hurt husband hustle hustlers hut hymn hypnotic ice icon idea ideal ideas identical identity idiot idle idol
ignition ignore illegal illness illusion image imagination imagine immigrant immortal immune impact import important
impossible impostor impulse inbox incense inception inch incident income incredible independence independent indian industry
infamous infant infection inferno infinite information inheritance initial injury ink inmate inn inner innings innocence
innocent insane insect insects insider insomnia inspector inspiration instinct institute instrument insurance insurgent
intact integrity intelligence interest interesting interior international interrogation interstellar interview intimate
intruder invader invaders invasion invention invest investigation investor invisible invitation invite iranian iraqi irish
iron irony island islands isolation israeli issue italian ivory ivy jackal jacket jaguar jail jam janitor january japan
japanese jar jaw jaws jazz jealous jealousy jelly jersey jester jet jewel jewels jewish jigsaw job jobs jockey join joint
joke joker journey joy judas judge judges judgment jug juice july jump jumper june jungle junior junk jurassic juror jury
justice justified kangaroo karate karma keep keeper keeping kept kettle key keyboard keys kick kid kidding kidnap kidnapped
kidney kids kill killed killer killers killing killjoy kind kindness king kingdom kingpin kings kiss kissing kitchen kite
kitten kiwi knee knees knife knight knights knit knives knock knot know knowing knowledge known knuckle korean label labor
labyrinth lace ladder ladies lads lady lagoon lake lamb lambs lamp lance land landing landlord lane language lantern lap
large laser lasso late later latest latin laugh laughing launch laundry lava lavender law lawless lawn lawyer lawyers lay
layer layers lead leader league leak leap learn learning lease leather leave leaves leaving led ledger left leg legacy legal
legend legends legion lemon lemonade lens leopard leprechaun lesbian lesson lethal letter letters level leviathan liar liars
liberal liberty librarian library licence license lid lie lies lieutenant life lifeboat lifetime lift light lighter
lighthouse lightning lights lilac lily limbo limit limitless limits limousine line linen liner lines linger link lion lions
lips lipstick liquid liquor list listen little live lives living lizard load loan loans lobby lobbyist lobster local lock
locker locket locomotive lodge logan logic lollipop london lonely loner long longer longest look looking looks loop loose
lord lords lose loser losing loss lost lot lots lotus loud lounge love loved lovely lover lovers loves loving low lower
loyal loyalty luck lucky luggage lull lumber lunar lunatic lunch lung lust luxury lynx lyric machine machines mad madam
madame made madness maestro mafia magazine maggot magic magical magician magnet magnificent magnolia maid maiden mail main
major make maker makes making male mall mammoth man manager manhattan manner mansion mantle manual map maple marathon marble
march margin marine mariner marines mark market marriage married marry marsh marshal martian martyr martyrs marvel mascot
mask masquerade mass massacre master masterpiece masters matador match matches matchmaker mate material math matrix matter
mayhem mayor maze meadow meal mean meaning means measure meat mechanic mechanism medal media medicine meet meeting
melancholia melancholy melody melt member memento memo memorable memorial memories memory men menace mend mention menu
mercenary merchant merchants mercury mercy mere mermaid merry mess message met metal meteor meter method mexican microphone
microwave middle midnight migration mile miles military milk million millions mime mind minds mineral mining minion minions
minister ministry minor minority mint minute minutes miracle miracles mirror misery misfit misfits miss missile missing
mission missionary mist mistake mister mistress mix moan mob mobile mobster model modern modesty mole molten mom moment
moments monarch monday money monk monkey monks monologue monopoly monsoon monster monsters month months monument mood moon
moonlight moose moral morning moron mortal mortgage mosaic mosquito moss motel moth mother mothers motion motive motor
motorcycle mound mountain mountaineer mountains mourning mouse moustache mouth move moved movement moves movie movies moving
mr mrs ms mud mule mummy municipal murder murders muscle muse museum mushroom music musical musician muslim mustang mustard
mutant mutants mutiny mutual mysterious mystery mystic mystical myth nail nails naked name named names nanny nap napkin
narcotic narrow nation national native nativity natural nature navy nazi neck necklace nectar need needed needle needs
negative neglect negotiator neighbor neighbors neighbour neighbours neon nephew nerd nerds nerve nest net network neutral
new newly news newspaper nice niece night nightclub nightfall nightingale nightlife nightmare nights nine nineteen nineties
ninety ninja ninjas nobility noble nobleman noise nomad nomads nonsense noodle noon noose normal north norwegian nose nosy
note notebook notes notice notorious noun nova novel november novice nuclear number numbers nun nuns nurse nursery
nutcracker nuts nymph oak oasis oath obey obituary object oblivion observatory observer obsessed obsession obstacle obvious
occult occupation ocean october octopus odd odds odyssey offense offer offering office officer official offside offspring
oil old older oldest olive olympic omega omen opaque open opening opera operation operator opponent opposite option oracle
oral orange orbit orchard orchestra orchid ordeal order orders ordinary organ organic organism origin original orphan
orphanage orphans ostrich otter outback outbreak outcast outcome outcry outer outfit outlaw outline outpost outrage outsider
oven overdose overdrive overlord overnight overture owl owls owner oxygen oyster oz pace pacifier package pact paddle
padlock padre page pageant paid pail pain paint painted painting pair palace palm pan pancake panda panel panic panther
pants paper papers parachute parade paradise paradox parallel paralysis parasite parasites parcel pardon parent parents
paris park parking parliament parole parrot part particular parties partner partners parts party pass passage passed
passenger passengers passing passion passport password past pasta pastor pastry pasture patch path patient patients patriot
patriots patrol patron pattern pause pavement pawn pay payback paycheck peace peach peacock peak peaks peanut peanuts pear
pearl pebble pedal peel pen penalty pencil penguin penguins penthouse people pepper percent perfect performance perfume
peril period perish permission permit perpetual persian person personal pest phantom phantoms phase phenomenon philadelphia
philosopher phoenix phone photo photographer phrase physical physician pianist piano pick picture pictures piece pieces pig
pigeon pigs pile pilgrim pill pillar pillow pills pilot pilots pin pinch pine pink pinnacle pint pioneer pioneers pipe
pirate pirates pistol pit pitch pizza place places plague plaid plain plan plane planet planets plans plant plantation
plaster plastic plate platform platinum platoon play played player players playing plays plaza pleading pleasant pleasure
pledge plenty plot plough plow pluck plug plum plumber plunder plus pocket podium poem poet poetic poetry point poison poker
polar pole police policy polish polite politics poll pollution polo pony pool poor pop pope poppy popular porcelain porch
pork port portal porter portrait portuguese position positive possessed possession possible post postcard poster postman
potato potion pottery pouch powder power powerful powers practical prairie praise prayer prayers preacher precious predator
predators predict prejudice premium premonition prescription presence present presents preserve president press pressure
prestige prestigious pretend pretender pretty prevent previews prey price pride priest priestess primal primary primate
prime primrose prince princess principal print printer priority prison prisoner prisoners private privilege prize probably
probation problem problems procedure proceed process prodigal prodigy producer product profession professional professor
profile profit program prohibition project projector prologue prom promenade promise promised proof propaganda
propeller property prophecy prophet prosecutor prospect protect protector protest protocol proud prove prowl proxy psychic
psycho pub public publisher puddle puff pull pulse pumpkin punch punisher punishment pupil puppet puppy purchase pure
purgatory purge purple purpose pursuit push put puzzle pyramid quail quake quarantine quarry quarter quarterback quartet
quartz quay queen queens quest question questions quick quicksand quiet quilt quit quiz quota rabbit rabbits race racer
racket radar radio raft rage ragtime raid raider raiders railroad railway rain rainbow rainy raise raising ram ramp ran
ranch random range ranger rangers rank ransom rap rapid rapper rapture rare rascal rat rate rated rating ratings raven
ravens raw razor reach reaction reactor read reader reading ready real reality realize reaper reason rebel rebellion rebels
rebirth receipt receive receiver recent reception recipe reckless reckoning recoil record recruit recruits red redemption
reef referee reflection reform refuge refugee refund regiment region regret regular reign reindeer related relationship
relative relay release released relic relief religion reluctant remain remains remedy remember remorse remote renegade
renegades rent repair repeat replica report reporter reptile republic republican request requiem rescue reserve reservoir
residence resident resist resistance resolution resort resource respect respond response rest restaurant restless
restoration result retreat retribution return returns reunion reveal revelation revenge reverend reverse review reviews
revolt revolution revolver reward rhapsody rhino rhyme rhythm rib ribbon rice rich riddle ride rider riders ridge riding
rifle rigged right rights ring rings riot riots ripper ripple rise rises rising risk risky ritual rival rivals river roach
road roar roast robber robbers robbery robe robot robots rock rocker rocket rockets rocky rodeo rogue rogues role roles roll
roller roman romance romans romantic roof room roommate rooms rooster root rope rose roses rough roulette round route
routine rover row royal rubber rubble rug rugby ruin ruins rule ruler rules rumble rumor run runaway runner running runs
runway rush russian rust ruthless rye sabotage sacred sacrifice sad saddle sadness safari safe safety saga said sailor saint
saints salad salary sale salesman salmon saloon salt salute salvation samurai sanctuary sand sandal sandman sandwich santa
sapphire satellite satisfaction saturday sauce sausage savage savages save saved saving savings savior saw say saying says
scale scandal scar scare scarecrow scared scarf scarlet scars scary scatter scenario scene scenes scent schedule scheme
scholar scholarship school schools science scientist scissors scoop score scorpion scotch scottish scout scratch scream
screen screw script scroll sculptor sea seal search seasick seaside season seasons seat second seconds secret secretary
secrets section sector security seducer seduction see seed seeing seek seeker seem seems seen selfie selfish sell seller
senate senator send senior sense sent sentence sentinel sentry separate separation september sequel sequence serenade
serenity sergeant series serious sermon serpent servant servants serve service session set seven seventeen seventh seventy
severance severe sewer sex shadow shadows shaft shake shaman shame shampoo shamrock shape shapes share shark sharks sharp
shatter shattered shawl shed sheep sheet shell shelter sheltered shepherd sheriff shield shields shift shine shining ship
shirt shiver shock shoes shogun shoot shooter shooting shop shopper shore short shortage shorts shot shotgun shots shoulder
shout shovel show showdown shower showgirl shows shrimp shrine shuffle shut shutter shuttle sick side sides siege sierra
sight sign signal signature signs silence silent silk silky silo silver similar simple sin sing singer singing single
sinister sinner sinners sip siren sirens sister sisters sit six sixteen sixth sixties sixty size sketch ski skin skull
skulls sky skyline skyscraper slacker slam slap slasher slave slavery slaves sled sleep sleeper sleeping sleepy sleet sleeve
slice slide slipper slogan slope slot slow small smart smash smell smile smog smoke smoking smooth smuggler snack snail
snake snakes snap snapper sniper snitch snow soap soccer social society socks sofa soft solace solar sold soldier soldiers
sole solid solitaire solitary solitude soloist solution son sonata song songs sonic sons soothsayer sorcerer sorrow sorry
sort soul souls sound soup sour source south southern sovereign space spanish spark sparrow spartan spartans speak speaking
spear special specialist specialists species specimen spectacle spectre spectrum speech speed spell spend sphere sphinx
spice spider spiders spies spike spinner spiral spirit spirits splash splendor split spoiler spoke sponge spoon sport sports
spot spotlight spouse spray spread spring sprinter spy squad squadron square squash squid squirrel stable stadium staff stag
stage staircase stairs stake stalker stallion stamp stand standard standing staple star stardust starfish starlight starry
stars starship start started starter starting starvation state states statesman static station stationery statue status stay
steak steaks steal steam steel steep stem step stepmother steps stereo steward stick sticker sting stitch stoker stolen
stomach stone stool stop storage store stories stork storm story stove stowaway straight strand strange stranger strangers
strategy straw strawberry strays stream street streets strength stress strike striker string strip stripes stripper stroke
stroll strong struck struggle stubborn stuck student students studio study stuff stumble stunt stupid style subject
submarine suburb suburbs subway succeed success succession sucker sudden suddenly suffer sugar suicide suit
suitcase sultan summer summit sun sunday sunflower sunny sunrise sunset sunshine super supper support suppose supreme sure
surf surface surfer surge surgeon surgery surprise surrender surrogate surveillance survival survive survivor suspect
suspects suspense suspicion swallow swamp swan swans swarm swear sweater swedish sweep sweet sweetheart swim swimmer swindle
swindler swing swiss switch sword swords swordsman symbol symphony symptom syndicate syndrome syrup system table tablet tack
tactics tag tail tailor take taken takes taking tale talent tales talk talking tall tango tank tanker tanks tap tape
tapestry tarantula target tariff tart task taste tattoo tattoos taught tax taxi tea teach teacher team teamster tear tears
technique teddy teen teenage television tell teller telling temper tempest temple temptation ten tenant tender tenderness
tennis tension tent tentacle terminal terminator terms terrain terrible terrier terrific territory terror terrorist test
testament testimony texture thank thanks thaw theater theory therapist therapy thesis thief thieves thin thing things think
thinking third thirst thirteen thirties thirty thorn thought thoughts thousand thousands thread threat three threw thrift
thrill thriller throat throne thrones throttle throw thrower thug thumb thunder thursday tick ticket tide tie tiger tigers
tight tile timber time timeless times tin tiny tired titan titanic titans title toad toast tobacco today toilet told
tolerance toll tomahawk tomato tomb tombs tombstone tomorrow tone tongue tonight took tool tooth top topaz torch tornado
torpedo tortoise torture total touch tough tour tournament towel tower towers town toxic toy toys trace track tracker
tractor trade traders tradition traffic tragedy tragic trail trailer train training traitor traitors tramp trance transfer
transformer transformers transit transition translation transport trap trapped trash travel traveler traveller travellers
tray treachery treason treasure treat treaty tree treehouse trees trek tremor tremors trench trends trespass trespasser
trial triangle tribe tribute trick trigger trilogy trinity trio trip triple triumph troll trolley trolls trooper troops
trophy tropic tropical trouble trousers truce truck true truffle trumpet trunk trust truth try trying tsunami tub tube
tuesday tuition tulip tumble tuna tunnel tunnels turbine turbulence turf turkey turkish turmoil turn turning turtle turtles
tutor tv twelve twenty twice twilight twin twins twist twisted twister two tycoon type typewriter typhoon tyrant ugly
ukrainian ulcer ultimate ultimatum umbrella umpire unborn unbroken uncle uncut underdog underground understand undertaker
undertow underwater underworld undone unexpected unfaithful unfinished unforgettable unforgiven unicorn uniform union unique
unit united universe university unknown unleashed unlikely unlimited unrest unseen unspoken unstoppable untamed untouchable
untouchables unusual unwanted upgrade upper uprising upside uptown urban urge use used useful usher usual vacancy vacation
vacuum vagabond valiant valkyrie valley valor value vampire vampires vanguard vanilla vanish vanity vapor variable variety
vault vehicle veil velocity velvet vendetta vendor vengeance venom ventriloquist venus verdict vermilion verse version
vertigo vessel vest vet veteran veterans vice viceroy victim victory video vietnamese view vigilante viking vikings village
vine vinegar vineyard vintage violence violent violet violin viper virgin virtue virus viruses vision visions visit visitor
visitors vixen vocal vodka voice volcano volleyball volume volunteer vortex vote voter vow voyage voyager vulture wager
wages wagon waist wait waiting waitress wake walk walker walking wall wallet wallflower walls walnut walrus waltz wanderer
wanderlust want wanted war ward warden wardrobe warehouse warlock warlord warm warning warrior warriors wars warship wash
wasp wasps waste watch watchdog watched watcher watching watchman watchmen water waterfall watermelon wave waves wax weak
wealth weapon weapons wear weather weaver web website wedding wedge wednesday weed week weekend weeks weight weird welcome
welsh werewolf werewolves west western westerner wet whale wheel whip whiplash whirlpool whisky whisper whistle
whistleblower white wholesale whore wicked wide widow wife wig wild wilderness wildfire willow win winch wind windmill
window windows windy wine wing wingman wings wink winner winter wipe wire wiretap wisdom wise wish wishes wit witch
witchcraft witches withdrawal witness wives wizard wizards wolf wolves woman womb women wonder wonderful wonders wood
woodpecker woods wool word words work worker working works workshop world worlds worm worms worry worse worship worst worth
wound wrath wreck wreckage wrestler wrestling wrist write writer writers writing written wrong yacht yard yarn year years
yeast yellow yesterday yoga yogurt yoke young younger youngest youth zebra zenith zeppelin zero zinc zip zodiac zombie
zombies zone zoo
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
COMMON_WORDS = frozenset(COMMON.split())
NAME_WORDS = frozenset(NAMES.split())
