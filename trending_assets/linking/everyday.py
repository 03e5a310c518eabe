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
able accident account act action actor actress adventure affair afraid afternoon age agent agree air alive allow alien aliens
amazing america american amount ancient angel angels anger angry animal animals anniversary announce answer apart apartment
apocalypse appear apple april area arm arms army arrive arrival art artist asleep ask assassin attack attempt audience august
aunt autumn awake award awards aware awesome awful babies baby bachelor background bad bag ball band bank bar base basic bath
battle beach bear beast beat beautiful beauty bed bee begin beginning behave believe bell belong best bet better big bigger
biggest bill bird birds birth birthday bit bite black blade blank blind block blood bloody blow blue boat bodies body bomb bone
bones book books boot border bored boring born boss bottle bottom bound box boy boys brain brand brave bread break breakfast
breaking breath breathe bridge brief bright brilliant bring broken brother brothers brought brown bubble build building built
bullet burn burning bus business busy button buy cabin cake call called calling camera camp candy captain car card cards care
career careful case cash cast castle cat catch cats cause celebrate center central century certain chain chair challenge chance
change changed changes changing chapter character charge charm chase cheap check chef chicken chief child childhood children
china choice choose chosen christmas church circle circus cities citizen city class classic clean clear clever climb clock close
closer closed clothes cloud club clue coach coast coat code coffee cold collection college color colors come comes comedy coming
commando common community company complete concert confession connected contact contagion control conversation cook cool cop
cops copy corner cost count countdown country couple courage course court cover crack crash crazy cream create creature crew
crime criminal crisis cross crossing crowd crown cruel cruise cry crying cult culture cup curious current curse cut cute daily
dad damage dance dancer dancing danger dangerous dare dark darker darkest darkness date daughter dawn day days dead deadline
deadly deal dear death debt december decide decision deep defeat definitely degree delivery demon depth desert design desire
desperate destination destiny destroy destruction detail detective determined devil diamond diary did die died different dig
dinner direct direction director dirty disappear disaster discover disease district disturbing divide divine divorce doctor
document dog dogs doll dollar domestic doom door doors double doubt dragon dragons drama dream dreamer dreams dress drink drive
driver driving drop drug dry duck due dust duty eager ear early earn earth easier east easy eat eating edge education effect
egg eight election electric elephant eleven emergency emotional empire empty encounter end ended ending endless ends enemies
enemy energy engine england english enjoy enter entire episode epic equal era escape eternal evening event events everyday evil
exact exactly example excellent exchange exciting excuse exit expect experience experiment expert explain express extra extract
extraordinary extreme eye eyes face faces fact factor factory fail failure fair faith fake fall fallen falling false fame
familiar families family famous fan fans fantastic fantasy far farm fashion fast faster fat fatal fate father fault favorite
favourite fear february feed feel feeling feelings feet female festival fever fiction field fifty fight fighter fighting figure
file fill film films final finally finals find finding fine finger finish finished fire first fish five flag flash flat flesh
flight floor flower flowers fly flying focus follow following food fool foot football force foreign forest forever forget
forgotten form former fortune forty forward found four fourth fox frame freak free freedom french fresh friday friend friends
friendship frozen fun funeral funny fury future gallery game games gang garage garden gas gate gathering general generation
genius gentle gentleman gentlemen german ghost ghosts giant gift girl girlfriend girls give given gives glad glass global glory
goal goat god goddess gods gold golden good goodbye government grace grade grand grandmother grant grave gravity gray great
greater greatest greatly greed green grey ground group grow growing grown growth guard guess guest guide guilty gun guns guy
guys habit hair half hall halloween hand handle hands handsome hang hangover happen happened happiness happy harbor hard harder
hate haunted head heads health hear heard heart hearts heat heaven heavy height heist hell hello help hero heroes hey hidden
hide high higher highest highway hill hills history hit hits hold holder hole holiday holidays hollow holy home honest honey
honor hope hopes horrible horror horse horses hospital hot hotel hour hours house houses huge human humans hundred hunger hungry
hunt hunter hunting hurry hurt husband ice idea ideas identity idiot image imagine imagination immigrant impact important
impossible inch incident incredible independence independent indian industry infinite information initial inn innocence
innocent insane insider inspiration intelligence interest interesting international interview intimate intruder invasion
invention invisible invitation invite iron island islands issue italian jacket jail january japan job jobs join joke joker
journey joy judge juice july jump june jungle junior jury justice keep keeper keeping kept key kick kid kidding kids kill killed
killer killers killing kind kindness king kingdom kings kiss kissing kitchen knife knight knights knock know knowing knowledge
known ladies lady lake lamb land lane language large late later latest laugh laughing launch law lawyer lay lead leader league
learn learning leave leaves leaving led left leg legacy legal legend legends lesson letter letters level liar liberty library
licence license lie lies life lifetime light lighthouse lights limit limitless limits line lines lion lions lips list listen
little live lives living load local lock logan london lonely long longer longest look looking looks loop loose lord lords lose
loser losing loss lost lot lots loud love loved lovely lover lovers loves loving low lower luck lucky lunch machine machines mad
made magic magical magnificent main major make maker makes making male man manager manhattan manner march mark market marriage
married marry mask mass massacre master match mate material matter mean meaning means medicine meet meeting member memories
memory men mention mercy mere mess message met metal method middle midnight mile miles military milk million millions mind minds
minute minutes miracle mirror miss missing mission mist mistake mister mistress mix mob model modern mom moment moments monday
money monkey monster monsters month months mood moon morning mother mothers motion mountain mountains mouse mouth move moved
movement moves movie movies moving mr mrs ms mud murder murders museum music musical mutual mysterious mystery myth naked name
named names narrow nation national native natural nature navy neck need needed needs neighbor neighbors neighbour neighbours
nerve nest net network new newly news newspaper nice night nightmare nights nine noble noise noon normal north nose note notes
notebook notice notorious novel november nowhere nuclear number numbers nurse nuts oath object oblivion obsession obvious ocean
october odd offer office officer official oil old older oldest open opening opera operation opposite option orange order
ordinary orange origin original outbreak outfit outlaw outsider package page paid pain paint painted painting pair palace panic
paper paradise parent parents paris park part particular parties partner partners parts party pass passage passed passenger
passengers passing passion past patch path patient patients pattern pay payback peace peak pearl people percent perfect
performance period person personal phantom phenomenon philadelphia phone photo physical piano pick picture pictures piece pieces
pilot pink pirate pirates pitch place places plain plan plane planet planets plans plant plastic play played player players
playing plays pleasant pleasure plenty pocket poem poet poetry point poison police policy politics pool poor pop popular
position positive possessed possession possible post poster power powerful powers practical precious present president press
pressure pretty prey price pride priest prime prince princess prison prisoner prisoners private prize probably problem problems
process producer product professional professor program project promise promised proof property protect proud prove public pull
pulse punch pure purge purple purpose push put quarter queen quest question questions quick quiet quit quite race radio rage
rain rainbow raise raising ran random range rank rapid rare rat rate rated rating ratings raw reach read reader reading ready
real reality realize reason rebel rebels receive recent reckless record red redemption regular related relationship release
released remain remains remember remote rent repeat report requiem rescue resident respect rest restaurant result return
returns reunion reveal revenge review reviews revolution rich ride riding right rights ring rings rise rises rising risk risky
rival river road rock rocket role roll room rooms root rope rose rough round route routine row royal ruin rule rules rumor run
runaway runner running runs rush sacred sacrifice sad safe safety said sailor saint salt salvation same sand santa saturday
save saved savage saving savior saw say saying says scale scandal scare scared scary scene scenes school schools science score
scout scream screen script sea search season seasons seat second seconds secret secretary secrets section security see seed
seeing seek seem seems seen selfish sell send senior sense sent sentence separate separation september sequel series serious
serve service session set seven seventh severe sex shadow shadows shake shame shape share shark sharp sheep sheriff shelter
shift shine shining ship shirt shock shoes shoot shooter shooting shop short shot shots shoulder show shower shows shut shutter
sick side sides sight sign signal signs silence silent silver similar simple sin sing singer singing single sinister sister
sisters sit six sixteen sixth size skin sky sleep sleeping sleepy slow small smart smell smile smoke smooth snake snakes snow
social society soft sold soldier soldiers solid solution son song songs sons sorry sort soul souls sound source south space
spark speak speaking special species speech speed spell spend spider spirit spirits split spoke sport sports spot spring spy
square stage stairs stand standing star stardust stars start started starting state states station statue status stay steal
steel step steps stick stolen stone stop store stories storm story straight strange stranger strangers stream street streets
strength stress strike string strong struck struggle stuck student students studio study stuff stupid style subject succeed
success sucker sudden suddenly suffer sugar suicide suit summer sun sunday sunrise sunset sunshine super support suppose sure
surface surprise survival survive survivor suspect suspects sweet swim sword system table tail take taken takes taking tale
tales talk talking tall tape target task taste taught tax tea teach teacher team tear tears teen teenage television tell
telling temple ten terminal terms terrible terrific territory terror test thank thanks theater theory thief thieves thin thing
things think thinking third thirteen thirty thought thoughts thousand thousands thread threat three threw thrill thriller throne
throw thunder thursday ticket tiger tight time times tiny tired title today told tomorrow tone tonight took tool tooth top
total touch tough tour tower town toy toys track trade tradition traffic tragedy trail trailer train training traitor trance
transfer transport trap travel traveler treasure treat tree trees trial triangle tribe trick trip triple trouble truce truck
true trust truth try trying tuesday tunnel turn turning tv twelve twenty twice twin twins twist twisted two type ugly ultimate
uncle underground understand underwater unexpected unfaithful unforgiven uniform union unique unit united universe university
unknown unlikely unusual upgrade upper upside urban use used useful usual vacation valley value vampire vampires vanish variety
vehicle version victim victory video view village violence violent virgin vision visit visitor visitors voice volume voyage
waist wait waiting wake walk walker walking wall walls wanderer want wanted war warm warning warrior warriors wars wash waste
watch watched watcher watching water wave waves weak wealth weapon weapons wear weather wedding wednesday week weekend weeks
weight weird welcome west western wet whale wheel whip whisper white wicked wide widow wife wild win wind window windows wine
wing wings winner winter wire wisdom wise wish wishes witch witches witness wives wolf wolves woman women wonder wonderful wonders
wood woods word words work worker working works world worlds worry worse worst worth wound wrath wreck write writer writing
written wrong yard year years yellow yesterday young younger youngest youth zero zombie zombies zone zoo
black-and-white eighteen eighty fifteen fifth forties fourteen nineteen ninety nineties seventeen seventy sixty sixties thirties
"""

NAMES = """
aaron adam alan albert alex alexander alfie alfred alice amanda amy ana andrea andrew andy angela ann anna anne annie anthony
arthur barbara ben benjamin betty bob bobby brad brian bruce carl carlos carol caroline carrie catherine charles charlie chloe
chris christian christine christopher clara claire colin daniel danny dave david dean deborah dennis diana donald donna dorothy
dylan ed eddie edward eleanor elena eli elizabeth ella ellen emily emma eric ethan eva evan eve frances francis frank frankie
fred gabriel gary george gloria grace greg hannah harold harry harvey heather helen henry hugo ian isaac isabel jack jackie jacob
jake james jamie jane janet jason jean jeff jennifer jenny jeremy jerry jesse jessica jessie jim jimmy joan joe joel john johnny
jonathan jordan jose joseph josh joshua juan julia julian julie juliet juno justin karen kate katherine kathy keith kelly ken
kenneth kevin kim kurt kyle larry laura lauren lawrence leo leon lewis liam linda lisa lola louis louise lucas lucy luke lynn
maggie marcus margaret maria marie mario mark martha martin mary matt matthew max maya megan melissa michael michelle mike
molly monica nancy natalie nathan neil nick nicholas nicole nina noah nora oliver olivia oscar pamela patricia patrick paul pedro
peggy penny pete peter philip phil rachel ralph ray rebecca richard rick robert robin roger romeo ron rosa rosie roy ruby rudy
russell ruth ryan sally sam samantha samuel sandra sara sarah scott sean sharon sid simon sofia sophia sophie stephanie
stephen steve steven stuart susan sylvia ted teresa terry theo theresa thomas tim tina todd tom tommy toni tony tracy tyler
vera vicky victor victoria vincent virginia walter wayne wendy will william zack zoe
africa alaska amsterdam argentina asia athens atlanta australia austria babylon baghdad bangkok barcelona beijing belfast berlin
bombay boston brazil brighton britain brooklyn brussels cairo california cambridge canada casablanca charleston chicago
chile china cleveland colorado columbia copenhagen cuba dallas delhi denmark denver detroit dublin egypt england europe
florence florida france geneva georgia germany greece harlem havana hawaii hiroshima hollywood houston hungary iceland
illinois india iowa iran iraq ireland israel istanbul italy jamaica japan jerusalem kansas kentucky kenya korea lebanon lincoln
lisbon liverpool london louisiana macao madrid malibu manchester manila maine manhattan marseille memphis mexico miami michigan
milan minnesota mississippi missouri monaco montana montreal moscow mumbai munich naples nashville nebraska nevada nigeria
normandy norway ohio oklahoma oregon oxford pakistan palestine paris peru philadelphia phoenix poland portugal prague quebec
rio rome russia sahara scotland seattle seoul shanghai siberia sicily singapore spain stockholm sweden switzerland sydney
syria taiwan tehran tennessee texas tokyo toronto transylvania turkey ukraine utah venice vermont vienna vietnam wales
warsaw washington wyoming york yugoslavia zurich
"""

FUNCTION_WORDS = frozenset(FUNCTION.split())
COMMON_WORDS = frozenset(COMMON.split())
NAME_WORDS = frozenset(NAMES.split())
