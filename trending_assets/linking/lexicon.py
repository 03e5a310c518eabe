"""What a word can say about a title beside it: small word classes of the language of film and TV, as bits a word."""

from functools import cache

import numpy as np
import polars as pl

from trending_assets.linking.everyday import COMMON_WORDS, FUNCTION_WORDS, LESS_COMMON_WORDS, NAME_WORDS
from trending_assets.linking.fold import Array, read

(
    FUNCTION, COMMON, NAME, LEAD, TRAIL, WATCH, LIGHT, FILM, TV, NOUN, CALLED, ROLE, COMPARE, BESIDE, PART, ROMAN,
    ARTICLE, NEWER, OLDER, ABBREVIATION, OPINION, BRAND, CONTRACTION, LINK, SMALL, UNIT, BASED, TALK, SEASON,
    NOT_A_WORK, SCALE, OF, REVIEW, CALENDAR, VERB, ORDINAL, JOIN, JOINT, LESS_COMMON, OFF_TOPIC,
    SHOWN, SHOWS,
) = (1 << n for n in range(42))  # fmt: skip

_CLASSES: dict[int, str] = {
    # May lead in to a title that is all there is: "I just watched …", "Review: …".
    LEAD: """i we just have has had ve my our finally now re rate rated rating rates gave give giving watch
        watched watching rewatch rewatched rewatching see saw seen seeing finish finished finishing stream streamed
        streaming review reviewed reviewing reviews score scored scoring log logged logging nowwatching today tonight
        last night movie film show series the a of on about for to at again first time new currently thoughts verdict is
        was it its tv loved love enjoyed liked hated binge binged bingeing binging rented caught up with this that
        yesterday morning evening""",
    # May trail it: "… (2013) review", "… on Netflix tonight".
    TRAIL: """a an the review reviewed reviews movie film show series rating score today tonight again yesterday
        on at in via for imdb letterboxd trakt netflix hulu prime disney hbo max first time stars star out of and now is
        was last night trailer tv this week weekend morning evening finally with my me thoughts finale""",
    WATCH: """watch watched watches watching rewatch rewatched rewatching see saw seen seeing binge binged
        bingeing binging stream streamed streaming finish finished finishing rate rated rating rates review reviewed
        reviewing reviews rented caught enjoyed directed directs cancels cancelled canceled renews loved love liked
        hated adored recommend recommended logged screened vi vimos viendo vendo visto revi revu regarde gesehen assisti vu
        guardato sag sett gezien zag geschaut izledim assistindo""",
    FILM: """film films movie movies cinema cinemas theater theaters theatre theatres theatrical theatrically
        moviegoers filmmaker filmmakers imax biopic grossed box oscar oscars blockbuster documentary""",
    TV: """season seasons episode episodes series miniseries showrunner showrunners showrunning finale finales
        sitcom sitcoms tv television binge binged binging bingeing airs aired airing renewed renewal emmy emmys
        telenovela docuseries hbo fx bbc itv cw nbc cbs abc showtime starz show episodic cliffhanger tnt tbs syfy mtv pbs""",
    NOUN: """film films movie movies picture series show sitcom miniseries documentary docuseries drama comedy
        thriller sequel prequel remake reboot adaptation franchise trilogy anime flick""",
    CALLED: "called titled entitled named dubbed",
    # "the star of …", "a trailer for …"
    ROLE: """director directors creator creators star stars cast writer writers remake reboot adaptation version
        season seasons episode episodes finale premiere pilot trailer trailers review reviews sequel prequel screening
        screenings plot ending showing run rewatch marathon soundtrack teaser success showrunner producer screenwriter
        fan fans sets set end release night nights watching re-watch spinoff opening viewing scene scenes part half""",
    # Words that follow a title: "… stars", "… premieres", "… trailer".
    LINK: """starring stars star trailer trailers teaser premiere premieres premiered directed opens opened hits
        streams airs aired grossed sequel prequel remake reboot spinoff soundtrack director cast finale franchise movie
        film series tv season episode show trilogy screenplay ending starred earned miniseries sitcom movies films
        returns renewed bombs flopped opening showrunner pilot reunion""",
    COMPARE: """like unlike than recalls recall evokes evoke echoes beyond before after since forget from makers
        remember reminiscent resembles rivals imitates""",
    # May stand in capitals beside a title without being a part of its name.
    BESIDE: """review reviews trailer movie film movies films show series director directors star stars starring
        actor actress writer producer sequel prequel remake reboot franchise cast premiere i we he she they it you this
        that these those there here when while if because although though like unlike before after watching watched
        watch see saw loved love what why how who where then now yes no not just still even only both either also has
        had was were are be been will would can could should marvel disney pixar dc netflix hbo hulu bbc cbs nbc abc itv
        cw fx amc fox apple peacock showtime starz hallmark amazon warner sony paramount universal lionsgate s t re ve
        ll d m but and or so my our your his her its their in on at for from with to of as by rated rating rate finally
        today tonight season episode tv breaking exclusive update news is the a an if nowwatching directed oscar emmy
        bafta did do does imax tnt tbs usa syfy mtv lifetime discovery bravo nickelodeon pbs crunchyroll shudder mubi""",
    PART: "part chapter vol volume",
    ROMAN: "ii iii iv v vi vii viii ix x xi xii two three four five six seven eight nine ten",
    ARTICLE: "the a an",
    NEWER: "new newest latest upcoming remake reboot reboots remade reimagining recent forthcoming revival modern",
    OLDER: "original old classic older originals vintage first",
    ABBREVIATION: "mr mrs ms dr st vs jr sr mt prof lt col sgt capt no vol bros inc",
    # One-word verdicts that stand where a title could: "Amazing 10/10".
    OPINION: """amazing awesome awful bad best better boring brilliant classic cool disappointing dull enjoyable
        entertaining epic excellent fantastic favourite favorite fine fun funny good great horrible incredible lame
        lovely masterpiece meh nice nope ok okay outstanding perfect perfection phenomenal poor rubbish sad scary solid
        stunning stupid super superb terrible trash wonderful worst wow yes no average decent mediocre overrated
        underrated intense beautiful garbage weird powerful unwatchable forgettable unforgettable watchable gripping""",
    BRAND: "netflix hulu prime disney hbo max imdb letterboxd trakt review reviews movie film trailer tv finale",
    CONTRACTION: "s re ll t ve d m",
    SMALL: """a an and as at but by de del der des di du el en et for from il in into is la le les nor of off on
        onto or out per so than the to und up upon via vs with y""",
    UNIT: """percent people minutes minute hours hour days day years year months weeks million billion thousand
        dollars pounds miles km metres meters feet inches degrees times points votes kids men women seats pages am pm st
        nd rd th""",
    # What a work is made from is no cue of what it is: "based on the series".
    BASED: "based adapted inspired unlike than",
    # Talk of film and TV at large.
    TALK: """film films movie movies cinema director directed directs directing starring stars cast actor actors
        actress actresses screenplay script plot scene scenes character characters sequel remake prequel trailer
        performance performances season episode episodes series tv showrunner finale premiere theaters theatres
        streaming netflix hbo hulu oscar oscars emmy box-office watch watched watching rewatch binge cinematography
        filmmaker filmmakers franchise screening soundtrack thriller comedy horror drama hollywood studio audience
        audiences screen role blockbuster rated biopic documentary miniseries sitcom villain protagonist cgi pixar
        disney marvel mcu dreamworks lucasfilm ghibli imax cinematic screenwriter screened binged rewatched showrunners""",
    SEASON: "season seasons episode episodes finale pilot showrunner showrunners miniseries sitcom series",
    SCALE: "4 5 10 20 100",
    # Talk of sport, weather, trade, town and household: names in it are seldom titles.
    OFF_TOPIC: """team teams coach league draft defence defense club clubs player players match matches playoff
        playoffs tackle stadium championship tournament quarterback innings roster nba nfl nhl mlb fifa goalkeeper
        striker midfielder points scored council mayor police officials residents citizens parliament senator minister
        voters ballot weather temperature temperatures forecast storm rain snow sunny recipe oven cooking bake flour
        sauce dough cheese breakfast lunch sale discount price prices shares stock stocks market invoice software engine
        mph traffic airport flights roadworks tram lane parking homework exam hospital vaccine nurse pub rent landlord
        heating boiler garden gardening laundry linen ironing walk walked dog dogs cat cats neighbor neighbors neighbour
        neighbours gig concert band album guitarist drummer singer tour marathon jog gym bike bikes cycling run running
        workout mortgage taxes insurance plumber electrician queue supermarket groceries shop shopping candles curtains
        kitchen bathroom fridge phone laptop charger battery wifi meeting office boss salary interview visa passport
        luggage""",
    REVIEW: "review reviews reviewed",
    # May stand between such a verb and a title: "watched the new …".
    LIGHT: """the a an his her their our my all of again new old first second third last film movie show series
        season episode finale some original latest""",
    CALENDAR: """monday tuesday wednesday thursday friday saturday sunday january february march april may june
        july august september october november december christmas easter halloween
        thanksgiving hanukkah ramadan diwali passover midsummer weekend weekends""",
    # What is said of a title that opens a sentence: "Jaws is …".
    JOIN: """and or but vs versus than while as with without besides beats unlike like then plus also over after
        before""",
    JOINT: "& of vs versus",
    # Beside "show" these make it a verb.
    SHOWN: "us me him her them how up off it his their our my your some",
    SHOWS: "will to would can could should did didn t not they we you might must may let",
    ORDINAL: "one first second third fourth fifth sixth seventh eighth ninth tenth final last new",
    VERB: """is isn was wasn has hasn had plays works offers proves feels looks remains makes takes gets gives
        goes becomes seems tries manages never doesn does delivers succeeds fails comes can may will might deserves
        boasts lacks suffers captures turns moves keeps wants knows finds brings shows tells follows stars opens begins
        starts ends started ended made makes had got broke broken wrecked ruined destroyed scared delighted confused
        blew slaps rocks rules sucks holds hit hits did does talks sounds goes went gave won wins understands kills kicks
        stays hurts aged ages lives dies begs taught teaches reminds reminded changed saved isnt wasnt doesnt""",
    OF: "of for to in from on",
    # In brackets behind a name these say that the name is of something else.
    NOT_A_WORK: """actor actress singer musician band album song novel book character game city town county
        state river politician footballer rapper director author writer comics comic disambiguation company brand
        franchise soundtrack artist footballer wrestler model mountain ship planet mythology deity genus surname name
        magazine newspaper play musical poem painting sculpture video app software programming mission novella memoir
        footballers cricketer boxer journalist presenter comedian filmmaker businessman businesswoman producer
        screenwriter cricket people footballer drink food car aircraft missile king queen emperor crime murder""",
}  # fmt: skip

_BITS = 14
_SHIFTS = tuple(np.uint64(n) for n in (64 - _BITS, 32 - _BITS))


@cache
def _tables() -> tuple[Array, Array]:
    """Hashes and class bits of the lexicon's words, in two small tables that a word's hash points into (cuckoo hashing)."""
    bits: dict[str, int] = {}
    for words, bit in (
        (FUNCTION_WORDS, FUNCTION),
        (COMMON_WORDS, COMMON),
        (NAME_WORDS, NAME),
        (LESS_COMMON_WORDS, LESS_COMMON),
    ):
        for word in words:
            bits[word] = bits.get(word, 0) | bit
    for bit, listed in _CLASSES.items():
        for word in listed.split():
            bits[word] = bits.get(word, 0) | bit
    known = sorted(word for word in bits if "-" not in word)
    text = read(pl.Series(known))
    of_hash = dict(zip(text.hashes[text.hashes != text.hashes[0]].tolist(), [bits[w] for w in known], strict=True))
    hashes, classes = np.zeros((2, 1 << _BITS), np.uint64), np.zeros((2, 1 << _BITS), np.uint64)
    for start in of_hash:
        value, table = int(start), 0
        for _ in range(100):
            place = int(_places(np.array([value], np.uint64))[table][0])
            value, hashes[table, place] = int(hashes[table, place]), value
            if not value:
                break
            table = 1 - table
        else:
            raise AssertionError("the tables of the lexicon are too small for its words")
    for table in (0, 1):
        for filled in np.flatnonzero(hashes[table]):
            classes[table, filled] = of_hash[int(hashes[table, filled])]
    return hashes, classes


def _places(hashes: Array) -> tuple[Array, Array]:
    first, second = (hashes >> shift for shift in _SHIFTS)
    return first, second & np.uint64((1 << _BITS) - 1)


def classes_of(hashes: Array) -> Array:
    """Class bits of words by their hashes (fold.Text.hashes); 0 for words that the lexicon does not hold."""
    known, classes = _tables()
    found = np.zeros(len(hashes), np.uint64)
    for table, places in enumerate(_places(hashes)):
        found |= classes[table][places] * (known[table][places] == hashes)
    return found
