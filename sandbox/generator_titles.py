"""Real titles with facts (name, year, genres, director, some release days) for the generated world.

One title a line: name | year or release day | genre codes, first genre first | director. Where only the year is given,
the generator makes the day up. Nothing else of a title is taken from anywhere: overviews are the project's own.
"""

from __future__ import annotations

CODES: dict[str, tuple[str, str]] = {
    # code: (TMDb's name for films, TMDb's name for shows)
    "ac": ("Action", "Action & Adventure"),
    "ad": ("Adventure", "Action & Adventure"),
    "an": ("Animation", "Animation"),
    "co": ("Comedy", "Comedy"),
    "cr": ("Crime", "Crime"),
    "do": ("Documentary", "Documentary"),
    "dr": ("Drama", "Drama"),
    "fa": ("Family", "Family"),
    "fy": ("Fantasy", "Sci-Fi & Fantasy"),
    "hi": ("History", "War & Politics"),
    "ho": ("Horror", "Mystery"),
    "mu": ("Music", "Drama"),
    "my": ("Mystery", "Mystery"),
    "re": ("Documentary", "Reality"),
    "ro": ("Romance", "Drama"),
    "sf": ("Science Fiction", "Sci-Fi & Fantasy"),
    "th": ("Thriller", "Drama"),
    "wa": ("War", "War & Politics"),
    "we": ("Western", "Western"),
}

MOVIES = """
Project Hail Mary|2026-03-20|sf ad|Phil Lord
Toy Story 5|2026-06-19|an fa co|Andrew Stanton
Supergirl|2026-06-26|ac sf|Craig Gillespie
The Odyssey|2026-07-17|ad ac fy|Christopher Nolan
Spider-Man: Brand New Day|2026-07-31|ac ad sf|Destin Daniel Cretton
The Mandalorian and Grogu|2026-05-22|sf ad ac|Jon Favreau
Masters of the Universe|2026-06-05|fy ac ad|Travis Knight
Disclosure Day|2026-06-12|sf th|Steven Spielberg
Hoppers|2026-03-06|an co fa|Daniel Chong
The Devil Wears Prada 2|2026-05-01|co dr|David Frankel
Michael|2026-04-24|mu dr|Antoine Fuqua
Scream 7|2026-02-27|ho my|Kevin Williamson
Wuthering Heights|2026-02-13|ro dr|Emerald Fennell
28 Years Later: The Bone Temple|2026-01-16|ho th|Nia DaCosta
Clayface|2026-09-11|ho sf|James Watkins
Digger|2026-10-02|co|Alejandro G. Inarritu
The Social Reckoning|2026-10-09|dr hi|Aaron Sorkin
Street Fighter|2026-10-16|ac fy|Kitao Sakurai
The Cat in the Hat|2026-11-06|an fa co|Erica Rivinoja
The Hunger Games: Sunrise on the Reaping|2026-11-20|sf ac ad|Francis Lawrence
Hexed|2026-11-25|an fy fa|Fawn Veerasunthorn
Focker-in-Law|2026-11-25|co|John Hamburg
Dune: Part Three|2026-12-18|sf ad|Denis Villeneuve
Avengers: Doomsday|2026-12-18|ac sf ad|Anthony Russo
Werwulf|2026-12-25|ho fy|Robert Eggers
Coyote vs. Acme|2026-08-28|an co fa|Dave Green
Mortal Kombat II|2026|ac fy|Simon McQuoid
The Super Mario Galaxy Movie|2026|an fa ad|Aaron Horvath
Dune|2021|sf ad|Denis Villeneuve
Dune|1984|sf ad|David Lynch
Dune: Part Two|2024|sf ad|Denis Villeneuve
The Matrix|1999|sf ac|Lana Wachowski
Inception|2010|sf ac th|Christopher Nolan
Interstellar|2014|sf dr ad|Christopher Nolan
Arrival|2016|sf dr my|Denis Villeneuve
Blade Runner|1982|sf th|Ridley Scott
Blade Runner 2049|2017|sf dr|Denis Villeneuve
Alien|1979|ho sf|Ridley Scott
Aliens|1986|sf ac th|James Cameron
The Terminator|1984|sf ac|James Cameron
Ex Machina|2015|sf dr th|Alex Garland
Gravity|2013|sf th|Alfonso Cuaron
The Martian|2015|sf ad dr|Ridley Scott
District 9|2009|sf ac|Neill Blomkamp
Her|2013|ro sf dr|Spike Jonze
Moon|2009|sf dr|Duncan Jones
Children of Men|2006|sf th dr|Alfonso Cuaron
Edge of Tomorrow|2014|sf ac|Doug Liman
Looper|2012|sf th ac|Rian Johnson
Annihilation|2018|sf ho|Alex Garland
Mickey 17|2025|sf co ad|Bong Joon-ho
Die Hard|1988|ac th|John McTiernan
Mad Max: Fury Road|2015|ac ad sf|George Miller
John Wick|2014|ac th cr|Chad Stahelski
Heat|1995|cr ac th|Michael Mann
Speed|1994|ac th|Jan de Bont
Gladiator|2000|ac dr hi|Ridley Scott
Gladiator II|2024|ac ad dr|Ridley Scott
Casino Royale|2006|ac ad th|Martin Campbell
Skyfall|2012|ac ad th|Sam Mendes
The Raid|2011|ac th cr|Gareth Evans
Top Gun: Maverick|2022|ac dr|Joseph Kosinski
Mission: Impossible - Fallout|2018|ac ad|Christopher McQuarrie
The Dark Knight|2008|ac cr dr|Christopher Nolan
Black Panther|2018|ac ad sf|Ryan Coogler
Superman|2025|ac sf ad|James Gunn
F1|2025|ac dr|Joseph Kosinski
One Battle After Another|2025|th ac co|Paul Thomas Anderson
Raiders of the Lost Ark|1981|ad ac|Steven Spielberg
Jurassic Park|1993|ad sf|Steven Spielberg
Pirates of the Caribbean: The Curse of the Black Pearl|2003|ad fy ac|Gore Verbinski
The Princess Bride|1987|ad fa fy ro|Rob Reiner
Jumanji|1995|ad fy fa|Joe Johnston
The Goonies|1985|ad co fa|Richard Donner
Life of Pi|2012|ad dr|Ang Lee
The Revenant|2015|we dr ad|Alejandro G. Inarritu
Master and Commander: The Far Side of the World|2003|ad dr wa|Peter Weir
The Lion King|1994|an fa dr|Roger Allers
The Lion King|2019|ad fa dr|Jon Favreau
Up|2009|an co fa ad|Pete Docter
Finding Nemo|2003|an fa|Andrew Stanton
Toy Story|1995|an ad fa co|John Lasseter
Spirited Away|2001|an fa fy|Hayao Miyazaki
My Neighbor Totoro|1988|an fy fa|Hayao Miyazaki
Princess Mononoke|1997|an ad fy|Hayao Miyazaki
The Boy and the Heron|2023|an ad fy|Hayao Miyazaki
Coco|2017|an fa mu|Lee Unkrich
Inside Out|2015|an fa co|Pete Docter
Inside Out 2|2024|an fa co|Kelsey Mann
Ratatouille|2007|an co fa|Brad Bird
The Incredibles|2004|an ac fa|Brad Bird
Shrek|2001|an co fy|Andrew Adamson
The Wild Robot|2024|an sf fa|Chris Sanders
Flow|2024|an ad fy|Gints Zilbalodis
Zootopia 2|2025|an co fa|Jared Bush
KPop Demon Hunters|2025|an mu fy|Maggie Kang
Spider-Man: Into the Spider-Verse|2018|an ac ad|Bob Persichetti
Paddington|2014|co fa ad|Paul King
Paddington 2|2017|co fa ad|Paul King
Babe|1995|fa co dr|Chris Noonan
Home Alone|1990|co fa|Chris Columbus
Mary Poppins|1964|co fa fy mu|Robert Stevenson
The Grand Budapest Hotel|2014|co dr|Wes Anderson
Groundhog Day|1993|ro fy co|Harold Ramis
Airplane!|1980|co|Jim Abrahams
The Big Lebowski|1998|co cr|Joel Coen
Superbad|2007|co|Greg Mottola
Bridesmaids|2011|co ro|Paul Feig
Some Like It Hot|1959|co ro mu|Billy Wilder
Mean Girls|2004|co|Mark Waters
Hot Fuzz|2007|cr ac co|Edgar Wright
Shaun of the Dead|2004|ho co|Edgar Wright
What We Do in the Shadows|2014|co ho|Taika Waititi
Barbie|2023|co ad|Greta Gerwig
Poor Things|2023|sf ro co|Yorgos Lanthimos
The Naked Gun|2025|co cr|Akiva Schaffer
Little Miss Sunshine|2006|co dr|Jonathan Dayton
Juno|2007|co dr ro|Jason Reitman
Monty Python and the Holy Grail|1975|ad co fy|Terry Gilliam
Palm Springs|2020|co ro sf|Max Barbakow
The Godfather|1972|dr cr|Francis Ford Coppola
Goodfellas|1990|dr cr|Martin Scorsese
Pulp Fiction|1994|th cr|Quentin Tarantino
Fargo|1996|cr dr th|Joel Coen
No Country for Old Men|2007|cr th dr|Joel Coen
Chinatown|1974|cr my th|Roman Polanski
L.A. Confidential|1997|cr my th|Curtis Hanson
The Departed|2006|dr th cr|Martin Scorsese
City of God|2002|dr cr|Fernando Meirelles
Ocean's Eleven|2001|th cr|Steven Soderbergh
Hit Man|2024|co ro cr|Richard Linklater
Emilia Perez|2024|dr th mu|Jacques Audiard
Man on Wire|2008|do cr hi|James Marsh
Free Solo|2018|do ad|Elizabeth Chai Vasarhelyi
March of the Penguins|2005|do fa|Luc Jacquet
Blackfish|2013|do|Gabriela Cowperthwaite
Searching for Sugar Man|2012|do mu|Malik Bendjelloul
Amy|2015|do mu|Asif Kapadia
My Octopus Teacher|2020|do|Pippa Ehrlich
Hoop Dreams|1994|do|Steve James
They Shall Not Grow Old|2018|do hi wa|Peter Jackson
Summer of Soul|2021|do mu|Questlove
Super/Man: The Christopher Reeve Story|2024|do|Ian Bonhote
20 Days in Mariupol|2023|do wa|Mstyslav Chernov
The Shawshank Redemption|1994|dr cr|Frank Darabont
Moonlight|2016|dr|Barry Jenkins
Parasite|2019|co th dr|Bong Joon-ho
Manchester by the Sea|2016|dr|Kenneth Lonergan
The Social Network|2010|dr|David Fincher
Whiplash|2014|dr mu|Damien Chazelle
There Will Be Blood|2007|dr|Paul Thomas Anderson
Nomadland|2020|dr|Chloe Zhao
Hamnet|2025|dr ro hi|Chloe Zhao
Past Lives|2023|dr ro|Celine Song
Anora|2024|dr co ro|Sean Baker
Tar|2022|dr mu|Todd Field
Aftersun|2022|dr|Charlotte Wells
The Holdovers|2023|co dr|Alexander Payne
Sentimental Value|2025|dr|Joachim Trier
Drive My Car|2021|dr|Ryusuke Hamaguchi
A Separation|2011|dr|Asghar Farhadi
The Lord of the Rings: The Fellowship of the Ring|2001|ad fy ac|Peter Jackson
Harry Potter and the Prisoner of Azkaban|2004|ad fy|Alfonso Cuaron
Pan's Labyrinth|2006|fy dr wa|Guillermo del Toro
The Shape of Water|2017|dr fy ro|Guillermo del Toro
Stardust|2007|ad fy ro|Matthew Vaughn
Wicked|2024|dr ro fy|Jon M. Chu
Wicked: For Good|2025|ro fy ad|Jon M. Chu
The Green Knight|2021|ad dr fy|David Lowery
Big Fish|2003|ad fy dr|Tim Burton
Frankenstein|2025|dr ho fy|Guillermo del Toro
Schindler's List|1993|dr hi wa|Steven Spielberg
Lincoln|2012|hi dr|Steven Spielberg
Oppenheimer|2023|dr hi|Christopher Nolan
Spotlight|2015|dr hi|Tom McCarthy
12 Years a Slave|2013|dr hi|Steve McQueen
The King's Speech|2010|dr hi|Tom Hooper
Killers of the Flower Moon|2023|cr dr hi|Martin Scorsese
The Brutalist|2024|dr|Brady Corbet
Conclave|2024|dr th my|Edward Berger
The Exorcist|1973|ho|William Friedkin
The Shining|1980|ho th|Stanley Kubrick
Halloween|1978|ho th|John Carpenter
The Thing|1982|ho my sf|John Carpenter
Hereditary|2018|ho my th|Ari Aster
Midsommar|2019|ho dr my|Ari Aster
Get Out|2017|my th ho|Jordan Peele
Us|2019|ho th|Jordan Peele
It|2017|ho fy|Andy Muschietti
The Babadook|2014|dr ho|Jennifer Kent
A Quiet Place|2018|ho dr sf|John Krasinski
The Conjuring|2013|ho th|James Wan
Nosferatu|1922|fy ho|F. W. Murnau
Nosferatu|2024|ho dr fy|Robert Eggers
The Witch|2015|dr fy ho|Robert Eggers
Sinners|2025|ho ac th|Ryan Coogler
Weapons|2025|ho my|Zach Cregger
The Substance|2024|ho sf|Coralie Fargeat
Suspiria|1977|ho|Dario Argento
Let the Right One In|2008|ho dr|Tomas Alfredson
La La Land|2016|co dr ro mu|Damien Chazelle
Almost Famous|2000|dr mu|Cameron Crowe
Sing Street|2016|ro dr mu co|John Carney
Once|2007|dr mu ro|John Carney
School of Rock|2003|co mu|Richard Linklater
Bohemian Rhapsody|2018|mu dr|Bryan Singer
A Star Is Born|2018|mu dr ro|Bradley Cooper
A Complete Unknown|2024|dr mu|James Mangold
Knives Out|2019|co cr my|Rian Johnson
Glass Onion|2022|co cr my|Rian Johnson
Wake Up Dead Man|2025|my co cr|Rian Johnson
Memento|2000|my th|Christopher Nolan
Zodiac|2007|cr my th|David Fincher
Prisoners|2013|dr th cr my|Denis Villeneuve
Gone Girl|2014|my th dr|David Fincher
Vertigo|1958|my ro th|Alfred Hitchcock
Rear Window|1954|th my|Alfred Hitchcock
Mulholland Drive|2001|th dr my|David Lynch
Anatomy of a Fall|2023|th my dr|Justine Triet
Casablanca|1942|dr ro|Michael Curtiz
Before Sunrise|1995|dr ro|Richard Linklater
When Harry Met Sally...|1989|co ro dr|Rob Reiner
Pride & Prejudice|2005|dr ro|Joe Wright
Notting Hill|1999|ro co|Roger Michell
Titanic|1997|dr ro|James Cameron
Brokeback Mountain|2005|dr ro|Ang Lee
Portrait of a Lady on Fire|2019|dr ro hi|Celine Sciamma
In the Mood for Love|2000|dr ro|Wong Kar-wai
Crazy Rich Asians|2018|co ro|Jon M. Chu
Materialists|2025|ro co dr|Celine Song
The Silence of the Lambs|1991|cr dr th|Jonathan Demme
Se7en|1995|cr my th|David Fincher
Nightcrawler|2014|cr dr th|Dan Gilroy
Sicario|2015|ac cr th|Denis Villeneuve
Uncut Gems|2019|dr th cr|Josh Safdie
Argo|2012|dr th hi|Ben Affleck
Marty Supreme|2025|dr|Josh Safdie
Bugonia|2025|th sf co|Yorgos Lanthimos
Saving Private Ryan|1998|dr hi wa|Steven Spielberg
Apocalypse Now|1979|dr wa|Francis Ford Coppola
1917|2019|wa hi dr|Sam Mendes
Dunkirk|2017|wa ac dr|Christopher Nolan
All Quiet on the Western Front|2022|wa hi dr|Edward Berger
Full Metal Jacket|1987|dr wa|Stanley Kubrick
Come and See|1985|wa dr|Elem Klimov
Warfare|2025|wa ac|Alex Garland
The Good, the Bad and the Ugly|1966|we|Sergio Leone
Once Upon a Time in the West|1968|we dr|Sergio Leone
Unforgiven|1992|we|Clint Eastwood
True Grit|2010|we dr ad|Joel Coen
Django Unchained|2012|we dr|Quentin Tarantino
The Power of the Dog|2021|we dr|Jane Campion
"""

SHOWS = """
Stranger Things|2016|sf my ac
Breaking Bad|2008|dr cr
Better Call Saul|2015|cr dr
The Wire|2002|cr dr
The Sopranos|1999|dr cr
Game of Thrones|2011|fy dr ac
House of the Dragon|2022|fy dr ac
The Last of Us|2023|dr sf
The Office|2005|co
Parks and Recreation|2009|co
Seinfeld|1989|co
Friends|1994|co dr
Fleabag|2016|co dr
Ted Lasso|2020|co dr
Abbott Elementary|2021|co
Only Murders in the Building|2021|co cr my
The Bear|2022|dr co
Severance|2022|dr my sf
Succession|2018|dr co
The White Lotus|2021|co dr my
Squid Game|2021|ac my dr
Wednesday|2022|sf co my
The Crown|2016|dr hi
Chernobyl|2019|dr hi
Band of Brothers|2001|dr wa
Shogun|2024|dr wa
Andor|2022|sf ac dr
The Mandalorian|2019|sf ac
Black Mirror|2011|sf dr my
Doctor Who|2005|ac dr sf
Star Trek: Strange New Worlds|2022|sf ac dr
The Expanse|2015|dr my sf
Dark|2017|cr dr sf my
Westworld|2016|sf we
Foundation|2021|sf dr
Silo|2023|sf dr
Fallout|2024|ac sf
Pluribus|2025|dr sf
Alien: Earth|2025|sf dr
Sherlock|2010|cr dr my
Broadchurch|2013|cr dr my
Mare of Easttown|2021|cr dr my
True Detective|2014|cr dr my
Poker Face|2023|cr co my
Columbo|1971|cr my dr
Happy Valley|2014|dr cr
Slow Horses|2022|dr cr ac
Ozark|2017|cr dr
Narcos|2015|cr dr
Money Heist|2017|cr dr
Lupin|2021|cr dr my
Peaky Blinders|2013|dr cr
Task|2025|cr dr
Adolescence|2025|dr cr
The Penguin|2024|dr cr
Fargo|2014|cr dr
Twin Peaks|1990|cr dr my
Yellowjackets|2021|dr my
The Haunting of Hill House|2018|dr my
Midnight Mass|2021|dr my
IT: Welcome to Derry|2025|dr my sf
Avatar: The Last Airbender|2005|an ac sf
Arcane|2021|an ac sf
BoJack Horseman|2014|an co dr
The Simpsons|1989|an co fa
Rick and Morty|2013|an co sf
Bluey|2018|an fa co
Gravity Falls|2012|an co my
Cowboy Bebop|1998|an we sf
Frieren: Beyond Journey's End|2023|an ac dr
One Piece|1999|an ac co
South Park|1997|an co
Planet Earth|2006|do
Blue Planet II|2017|do
Making a Murderer|2015|do cr
The Last Dance|2020|do
Formula 1: Drive to Survive|2019|do
The Beatles: Get Back|2021|do
The Great British Bake Off|2010|re fa
The Traitors|2023|re
Survivor|2000|re ac
The Amazing Race|2001|re
Queer Eye|2018|re
RuPaul's Drag Race|2009|re
Top Chef|2006|re
The West Wing|1999|dr hi
The Diplomat|2023|dr hi
House of Cards|2013|dr hi
Wolf Hall|2015|dr hi
Masters of the Air|2024|dr wa
Deadwood|2004|dr we
Yellowstone|2018|we dr
1883|2021|dr we
Justified|2010|we cr dr
Bridgerton|2020|dr ro
Normal People|2020|dr
Heartstopper|2022|dr co
One Day|2024|dr co
Outlander|2014|dr sf
Hacks|2021|co dr
The Pitt|2025|dr
The Studio|2025|co
A Knight of the Seven Kingdoms|2026-01-18|fy dr ac
Lanterns|2026-08-16|sf cr
Spider-Noir|2026-05-27|ac cr
Ripley|2024|dr cr
"""
