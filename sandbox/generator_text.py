"""Sentences of the generated world, all written for this project: overviews, posts, reviews, spam."""

from __future__ import annotations

import numpy as np

# Per genre: who, does what, where, and a turn of the story.
_PLOTS: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
    "Action": (
        ["A retired bodyguard", "A rookie bomb expert", "A disgraced stunt driver",
         "An elite soldier on her last mission"],
        ["fights through waves of mercenaries", "must outrun a private army",
         "takes on an arms dealer with bare hands",
         "has one night to stop an explosive attack"],
        ["in a locked-down skyscraper", "across the rooftops of Marseille", "on a runaway freight train",
         "inside a port on fire"],
        ["Every chase leads to a bigger fight.", "The assassin on her trail turns out to be her old partner.",
         "With the timer running, only a reckless stunt can save the hostages.",
         "Bullets and engines settle what talk cannot."],
    ),
    "Adventure": (
        ["A stubborn map maker", "An orphan sailor", "Two rival explorers", "A botanist who has never left home"],
        ["sets out on a perilous expedition", "follows a torn treasure map", "joins a voyage nobody has survived",
         "goes on a quest for a lost island"],
        ["through an uncharted jungle", "beyond the edge of the known sea", "over frozen passes",
         "into a canyon of ruins"],
        ["The journey tests every friendship on board.", "The treasure is not what the legend promised.",
         "Storms, rivals and wild rivers stand in the way.", "What begins as an escape becomes a discovery."],
    ),
    "Animation": (
        ["A timid paper dragon", "A clockwork fox", "A young cloud painter", "A talking teapot with big plans"],
        ["tumbles into a hand-drawn world", "learns to fly with a flock of misfit birds",
         "befriends a shadow that has come alive",
         "must colour in a town that has turned grey"],
        ["above a city of toys", "in a forest that hums", "under a sea of ink", "inside a giant music box"],
        ["Bright animated songs carry the way home.", "Tiny heroes find that size is no measure of courage.",
         "A cartoon villain made of scribbles wants every colour.", "Friends of all shapes lend a paw."],
    ),
    "Comedy": (
        ["A hopeless wedding planner", "Three awkward flatmates", "A vain weather presenter",
         "An office full of misfits"],
        ["stumbles into an absurd lie", "tries to fake being rich for a weekend", "accidentally starts a prank war",
         "makes a mess of the simplest job"],
        ["at the worst hotel on the coast", "during a family dinner", "in a failing bowling alley",
         "on a company retreat"],
        ["Each excuse is sillier than the last.", "Nobody stays dry, sober or dignified.",
         "The jokes fly until the cake does too.", "A rival comedian makes everything funnier and worse."],
    ),
    "Crime": (
        ["A weary detective", "A small-time thief", "A mob accountant", "A pair of honest cops"],
        ["is pulled into a murder case", "plans one last robbery", "crosses a ruthless cartel",
         "hides evidence from the police"],
        ["in the back rooms of the harbour", "among the gangster families of the city", "in a town that keeps quiet",
         "between the courthouse and the casino"],
        ["The heist was the easy part.", "Every witness has a price, and the killer is paying.",
         "Loyalty in the gang lasts until the first arrest.", "The money leads back to the precinct."],
    ),
    "Documentary": (
        ["This documentary", "An intimate film chronicle", "Rare archive footage", "A patient camera crew"],
        ["follows the people behind a famous record", "traces how one decision changed a community",
         "spends three years beside those who were there", "lets witnesses tell the story themselves"],
        ["from the first letter to the last trial", "across four continents", "inside a closed institution",
         "on the edge of the ice"],
        ["Interviews and home videos fill the gaps of the official account.",
         "Experts disagree, and the footage shows why.",
         "The facts are stranger than anyone remembered.", "It asks who gets to write the record."],
    ),
    "Drama": (
        ["A widowed teacher", "Two estranged brothers", "A young nurse", "A mother who never spoke of the past"],
        ["returns to the family home", "struggles to forgive", "faces a loss that splits the household",
         "keeps a painful secret"],
        ["in a fading mill town", "over one long summer", "after a funeral", "while a marriage falls apart"],
        ["Old wounds open with every letter.", "Grief and tenderness sit at the same table.",
         "What is left unsaid weighs more than what is shouted.", "A single choice changes three generations."],
    ),
    "Family": (
        ["A brave little girl and her grandfather", "Four noisy siblings", "A clumsy puppy",
         "A lonely boy with a kite"],
        ["hatch a plan to save the neighbourhood park", "go on a holiday that nobody planned",
         "look after a runaway pony",
         "find a door behind the kitchen"],
        ["before the school holidays end", "at grandma's farm", "in the week before winter",
         "with the whole street watching"],
        ["Parents and children learn to listen to each other.", "Kindness turns out to be catching.",
         "Even the grumpy neighbour joins in.", "Home is where the muddy boots are."],
    ),
    "Fantasy": (
        ["A reluctant witch", "The last dragon keeper", "A prince under a curse",
         "A village healer with forbidden magic"],
        ["must break an ancient spell", "carries an enchanted sword", "wakes a sleeping sorcerer",
         "defies the prophecy"],
        ["in a kingdom of fog", "beyond the goblin road", "at the court of the elf queen",
         "beneath a castle of glass"],
        ["Magic has a price, and the kingdom is late in paying.", "Wizards quarrel while the dark gate opens.",
         "The creature they fear guards what they need.", "An old prophecy names the wrong hero."],
    ),
    "History": (
        ["A young clerk at the royal court", "A stubborn reformer", "The empress's translator",
         "A printer of banned pamphlets"],
        ["is caught up in a revolution", "negotiates a fragile treaty", "records the fall of a dynasty",
         "stands trial before the crown"],
        ["in the winter of the great famine", "at the end of the eighteenth century", "as the empire crumbles",
         "during the siege of the old capital"],
        ["Letters of the time set the words.", "The century turns on a signature.",
         "Power passes from one balcony to another.", "It is drawn from true events that textbooks leave out."],
    ),
    "Horror": (
        ["A night nurse", "A couple in a new house", "A group of campers", "A deaf girl left alone"],
        ["is stalked by something in the walls", "wakes a demon with an old ritual", "hears the dead whisper",
         "finds that the mirror shows a stranger"],
        ["in a haunted asylum", "deep in cursed woods", "in a cellar without a light",
         "at an abandoned seaside hotel"],
        ["Blood on the stairs is only the beginning.", "The nightmare follows them into daylight.",
         "No one who screams is heard.", "The ghost wants a body, and it has chosen."],
    ),
    "Music": (
        ["A shy piano tuner", "A band on its last tour", "A street singer", "A conductor who has lost her hearing"],
        ["writes the song of the year", "gets one night on the big stage", "forms a choir of strangers",
         "chases a melody from childhood"],
        ["in smoky clubs", "on the road between concerts", "in a city of buskers", "backstage at the opera"],
        ["The soundtrack of a friendship plays to the end.", "Fame drowns out the music before the encore.",
         "Every rehearsal costs a love.", "The album nearly breaks them."],
    ),
    "Mystery": (
        ["An amateur sleuth", "A retired librarian", "A forgetful witness", "A puzzle maker"],
        ["looks into a vanished guest", "finds a clue in a torn photograph", "receives riddles from a missing friend",
         "reopens a disappearance that nobody wanted solved"],
        ["at a snowed-in manor", "on an island with nine suspects", "in a village of secrets",
         "aboard a night ferry"],
        ["Everyone had a motive, and one suspect has none.", "The answer hides in plain sight.",
         "Each clue makes the last one a lie.", "The locked room was never locked."],
    ),
    "Romance": (
        ["A florist who does not believe in love", "Two strangers on a delayed train", "A divorced cook",
         "Childhood sweethearts"],
        ["falls for the wrong wedding guest", "exchange love letters by mistake",
         "share one kiss and lose each other",
         "pretend to be engaged"],
        ["in Lisbon in the rain", "over a summer by the lake", "on the eve of a wedding", "between two airports"],
        ["Hearts break before they mend.", "The chemistry is plain to everyone but them.",
         "An old lover returns with a ring.", "Passion and good sense rarely agree."],
    ),
    "Science Fiction": (
        ["A lone astronaut", "A rogue android", "A linguist at a radio telescope", "The crew of a generation ship"],
        ["picks up an alien signal", "discovers that time on board runs backwards", "wakes on a dead planet",
         "must shut down a thinking machine"],
        ["in orbit around Saturn", "in a colony under glass", "in the year 2190", "aboard a drifting spaceship"],
        ["The experiment has already changed the future.", "Robots dream, and one of them remembers.",
         "The galaxy answers in a human voice.", "Each jump through space costs a memory."],
    ),
    "Thriller": (
        ["A court stenographer", "An insomniac pilot", "A witness in hiding", "A negotiator on leave"],
        ["uncovers a conspiracy", "is blackmailed by a stalker", "has twelve hours to find a hostage",
         "realises that the caller is inside"],
        ["in a city without power", "on the last flight out", "behind the doors of a ministry",
         "in a house with no phone"],
        ["Trust is the first casualty.", "The deadline moves, and so does the hunter.",
         "A twist turns the hunted into the suspect.", "Someone close is selling every move."],
    ),
    "War": (
        ["A young medic", "A platoon of raw soldiers", "A radio operator behind the lines",
         "Two enemies in one crater"],
        ["holds a bridge through the night", "carries a message through the trenches", "tries to survive the siege",
         "marches toward a doomed battle"],
        ["on the eastern front", "on a beach under fire", "in an occupied village", "in the last winter of the war"],
        ["Orders change and the dead stay.", "The regiment loses its names one by one.",
         "Courage and fear wear the same uniform.", "A ceasefire comes one hour too late."],
    ),
    "Western": (
        ["An ageing sheriff", "A silent drifter", "A rancher's daughter", "An outlaw with a conscience"],
        ["rides out against a cattle baron", "guards a wagon trail", "returns for one last duel",
         "leads a posse into the hills"],
        ["on the frontier", "in a dust-blown saloon town", "along the dry river", "across the prairie"],
        ["The law is a day's ride away.", "A horse, a rifle and an old debt decide it.",
         "The railroad changes everything but the grudge.", "The showdown comes at noon."],
    ),
    "Reality": (
        ["Twelve contestants", "Amateur bakers", "A charming host", "Strangers in teams of two"],
        ["compete in a weekly challenge", "face the judges", "vote each other out", "race for the prize"],
        ["under one big tent", "in a castle full of cameras", "around the globe", "with nowhere to hide"],
        ["Alliances last until the next vote.", "The judges taste everything and forgive little.",
         "One contestant goes home each week.", "The competition brings out the best and the worst."],
    ),
}  # fmt: skip
_MERGED = {
    "Action & Adventure": ("Action", "Adventure"),
    "Sci-Fi & Fantasy": ("Science Fiction", "Fantasy"),
    "War & Politics": ("War", "History"),
}
_TAGLINES = [
    "Some doors should stay shut.", "Nobody goes home the same.", "Begin again.", "The truth travels at night.",
    "Every promise has a price.", "Look twice.", "Hold on to someone.", "It was never only a game.",
]  # fmt: skip
_MOODS: dict[str, list[str]] = {
    "Action": ["explosive", "relentless", "full of wild stunts"],
    "Adventure": ["sweeping", "epic", "exciting"],
    "Animation": ["magical", "gorgeous", "whimsical"],
    "Comedy": ["hilarious", "silly", "full of laughs"],
    "Crime": ["gritty", "dark", "tense"],
    "Documentary": ["thought-provoking", "patient", "sombre"],
    "Drama": ["moving", "poignant", "quiet"],
    "Family": ["heartwarming", "wholesome", "cosy"],
    "Fantasy": ["enchanting", "epic", "dreamlike"],
    "History": ["sweeping", "lavish", "slow-burn"],
    "Horror": ["creepy", "chilling", "terrifying"],
    "Music": ["joyful", "nostalgic", "full of great songs"],
    "Mystery": ["twisty", "mysterious", "clever"],
    "Romance": ["romantic", "tender", "passionate"],
    "Science Fiction": ["mind-bending", "cerebral", "stunning"],
    "Thriller": ["gripping", "breathless", "tense"],
    "War": ["harrowing", "brutal", "bleak"],
    "Western": ["patient", "violent", "beautiful"],
    "Reality": ["fun", "cosy", "exciting"],
}
# Five levels of liking: words, then short verdicts.
_WORDS = [
    ["awful", "unwatchable", "terrible", "atrocious", "painful", "dreadful"],
    ["boring", "weak", "disappointing", "clumsy", "dull", "tedious"],
    ["okay", "uneven", "average", "decent in parts", "forgettable", "watchable"],
    ["great", "charming", "clever", "engaging", "strong", "enjoyable"],
    ["brilliant", "superb", "phenomenal", "a masterpiece", "unforgettable", "wonderful"],
]
_VERDICTS = [
    [
        "What a waste of an evening.",
        "I want my two hours back.",
        "Hated every minute.",
        "One of the worst things I have seen.",
    ],
    ["Not for me.", "It never gets going.", "I expected better.", "The plot fails long before the end."],
    ["It is fine, no more.", "Some good bits, some slow ones.", "Probably won't rewatch.", "Solid but thin."],
    ["Well worth the time.", "I enjoyed it a lot.", "The cast is strong.", "Would recommend."],
    ["Loved every second!", "I will watch it again tonight.", "Best thing this year!", "See it as soon as you can!"],
]
_POSTS = [
    "I rated {t} {r}/10 #movies", "Just watched {t}. {w}. {v}", "{t}: {w} and {m}. {v}",
    "Finally saw {t} - {w}. {r}/10",
    "{t} was {w}! {v}", "Can we talk about {t}? So {m}, and {w}. {v}", "Tonight: {t}. {v} {r}/10", "{t} {r}/10. {v}",
    "my review of {t}: {w}. {v}", "watched {t} with friends, it is {m} and {w}",
    "Everyone told me to see {t}. {w}. {v}",
    "Hot take: {t} is {w}. {v}", "{t} ({y}) - {r}/10. {v}", "Rewatched {t} ({y}). Still {w}.",
]  # fmt: skip
_SPANISH = [["Vi {t} anoche, horrendo. Muy mala."], ["{t} me pareci\u00f3 aburrida."], ["{t}: est\u00e1 bien, nada m\u00e1s."],
            ["Vi {t} anoche, muy buena."], ["{t} es excelente, me encant\u00f3!"]]  # fmt: skip
_WAITING = ["Can't wait for {t}!", "That new trailer for {t} looks {m}.", "Counting the days until {t} is out."]
_SPAM = [
    "Win a free giveaway! Click here http://win.example/{n} and http://prize.example/{n}",
    "Watch {t} free, click the link http://free.example/{n} limited offer",
    "Buy now: crypto signals that never lose, dm me {n}",
    "Follow me for free followers and a promo code {n}",
]
_OFF_TOPIC = [
    "The bus was late again this morning.", "Anyone have a good recipe for lentil soup?",
    "My cat has learned to open doors.",
    "Rain all week, the garden is happy.", "New shoes, sore feet.", "Meeting moved to Thursday, of course.",
]  # fmt: skip
_OPENINGS = [
    "There is a version of {t} that would have been ordinary.", "{t} arrives with a lot to prove.",
    "From its first scene {t} knows what it wants to be.", "It takes {t} about ten minutes to show its hand.",
    "I came to {t} with few expectations.",
]  # fmt: skip
_MIDDLES = [
    ["The script is {w} and the pacing is dull.", "Scenes drag, jokes die, and the whole thing feels lifeless.",
     "The direction is lazy and the cast looks tired."],
    ["The story is {w}, and the second half feels contrived.", "A few sharp moments cannot hide how thin it is.",
     "It is predictable where it should surprise."],
    ["Parts are {w}, parts are slow.", "The lead is likeable, the plot is familiar.",
     "It is uneven, with one strong scene."],
    ["The direction is {w} and the cast is warm.", "It is {m}, and it earns its ending.",
     "The dialogue is witty and the images linger."],
    ["The result is {w}: {m}, bold and alive.", "Every frame is breathtaking and every line counts.",
     "The performances are superb, the score is gorgeous."],
]  # fmt: skip
_CLOSINGS = [
    ["Skip it.", "A waste of talent."], ["It is hard to recommend.", "A disappointment."],
    ["Fine for a quiet evening.", "Fans will cope; others may not."], ["Recommended.", "Well worth a ticket."],
    ["A triumph.", "One of the great ones."],
]  # fmt: skip


def pick(rng: np.random.Generator, options: list[str]) -> str:
    """One of the options, uniformly."""
    return options[int(rng.integers(len(options)))]


def _plain(rng: np.random.Generator, genre: str) -> str:
    return pick(rng, list(_MERGED[genre])) if genre in _MERGED else genre


def overview(rng: np.random.Generator, genres: list[str]) -> str:
    """Two or three sentences whose words come from the title's genres, the first genre most."""
    first = _PLOTS[_plain(rng, genres[0])]
    other = _PLOTS[_plain(rng, genres[min(1, len(genres) - 1)])]
    sentences = [f"{pick(rng, first[0])} {pick(rng, first[1])} {pick(rng, other[2])}.", pick(rng, first[3])]
    if rng.random() < 0.6:
        extra = _PLOTS[_plain(rng, genres[-1])]
        sentences.append(pick(rng, extra[3]))
    return " ".join(dict.fromkeys(sentences))


def keywords(rng: np.random.Generator, genres: list[str]) -> list[str]:
    """Two or three keywords from the places of the title's genres."""
    words = [pick(rng, _PLOTS[_plain(rng, genre)][2]).split()[-1] for genre in genres]
    return sorted({word for word in words if len(word) > 3})


def tagline(rng: np.random.Generator) -> str:
    """A tagline, or nothing for half of the titles."""
    return pick(rng, _TAGLINES) if rng.random() < 0.5 else ""


def mood(rng: np.random.Generator, genres: list[str]) -> str:
    """A word for how a title of these genres feels."""
    return pick(rng, _MOODS[_plain(rng, pick(rng, genres))])


def post(rng: np.random.Generator, title: str, year: int, genres: list[str], level: int) -> tuple[str, int | None]:
    """A post of a liking level (0 hates it, 4 loves it) and the rating out of 10 that stands in its text."""
    if rng.random() < 0.02:
        return pick(rng, _SPANISH[level]).format(t=title), None
    rating = int(np.clip(2 * level + rng.integers(1, 4), 1, 10))
    form = pick(rng, _POSTS)
    shown = title.lower() if rng.random() < 0.06 else title
    word = pick(rng, _WORDS[level])
    text = form.format(t=shown, y=year, r=rating, w=word, m=mood(rng, genres), v=pick(rng, _VERDICTS[level]))
    return text, rating if "{r}" in form else None


def waiting_post(rng: np.random.Generator, title: str, genres: list[str]) -> str:
    """A post about a title that is not out yet."""
    return pick(rng, _WAITING).format(t=title, m=mood(rng, genres))


def review(rng: np.random.Generator, title: str, genres: list[str], level: int) -> str:
    """A review of four or five sentences."""
    middle = pick(rng, _MIDDLES[level])
    more = pick(rng, _MIDDLES[level])
    parts = [pick(rng, _OPENINGS), middle, *([more] if more != middle else []), pick(rng, _VERDICTS[level])]
    parts.append(pick(rng, _CLOSINGS[level]))
    return " ".join(parts).format(t=title, w=pick(rng, _WORDS[level]), m=mood(rng, genres))


def spam(rng: np.random.Generator, title: str) -> str:
    """An advertisement; some name a title."""
    return pick(rng, _SPAM).format(t=title, n=int(rng.integers(100, 1000)))


def off_topic(rng: np.random.Generator) -> str:
    """A post about something else."""
    return pick(rng, _OFF_TOPIC)
