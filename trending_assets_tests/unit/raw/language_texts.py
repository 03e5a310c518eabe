"""Short texts about films and TV in known languages, written for this test: posts, headlines, sentences of reviews."""

CHOSEN_ON = """
en|Saw it twice this week and the second half still got me.
en|Best thing on TV right now, no contest
en|Rewatched Amélie last night, still lovely
en|The camera never settles and neither do we.
en|Why does every sequel need two hours and forty minutes?
en|Parasite is a masterpiece
en|omg the ending!!!
en|Das Boot is still the best submarine film ever made
en|So good
en|La La Land 9/10
de|Gestern im Kino gewesen, was für ein starker Film
de|Die zweite Staffel ist leider deutlich schwächer als die erste.
de|Unbedingt anschauen!
de|Iron Man war ganz gut, aber zu lang
de|Großartig gespielt, schwach erzählt.
fr|Je suis sorti de la salle complètement bouleversé.
fr|Une série à voir absolument
fr|Le rythme est lent mais les acteurs sont formidables.
fr|Trop long, trop bruyant, pas drôle
fr|Vu hier soir, très déçu
es|La fotografía es preciosa pero el guion no funciona
es|Vimos el final anoche y lloramos todos
es|Muy buena
es|Una comedia que no hace reír a nadie.
es|No entiendo por qué le gusta tanto a la gente
it|Il film più bello dell'anno, andate a vederlo
it|Che noia, mi sono addormentato dopo mezz'ora
it|La regia è elegante ma la storia non decolla mai.
pt|Não esperava gostar tanto desta série
pt|O filme é lindo e os atores estão ótimos
pt|Chorei no fim, como toda a gente
nl|Wat een prachtige film, ik was er stil van
nl|Het einde viel me een beetje tegen
pl|Wczoraj obejrzałem cały sezon i nie żałuję
pl|Świetna rola główna, słaby scenariusz.
sv|Vilken fantastisk film, jag grät på slutet
sv|Andra säsongen är inte lika bra som den första
ru|Посмотрели вчера, остались в полном восторге
ru|Скучно и слишком долго
ja|昨日見た映画、最後で泣いてしまった
zh|这部电视剧的结局太让人失望了
ko|어제 본 영화가 정말 좋았어요
tr|Dün akşam izledik, çok beğendik
ar|شاهدت الفيلم أمس وأعجبني كثيرا
"""

MEASURED_ON = """
en|I could have watched these two argue for another hour.
en|Not for me, sorry
en|Finally caught up with the season finale and wow
en|Roma looks gorgeous on a big screen
en|A tidy little thriller with a nasty sting in its tail.
en|El Camino was worth the wait
en|meh
en|She carries the whole film on her shoulders
en|Das Leben der Anderen tonight, my third time
en|Anyone else watching this with their kids?
de|So etwas Langweiliges habe ich lange nicht gesehen.
de|Ein Fest für alle Fans
de|Schade, die Serie wurde abgesetzt
de|The Crown ist zurück und besser denn je
de|Nach einer Stunde bin ich gegangen
fr|On rit, on pleure, on en redemande
fr|Franchement je ne comprends pas les critiques
fr|Un premier film plein de promesses.
fr|Les effets spéciaux ont mal vieilli
fr|Quelle claque
es|Me ha parecido larguísima y aburrida
es|Qué maravilla de reparto
es|Los niños se lo pasaron en grande
es|La segunda temporada mejora mucho a la primera
es|Hay que verla en el cine
it|Un cast straordinario per una storia già vista
it|Finalmente una serie che non tratta gli spettatori da stupidi
it|Il finale mi ha lasciato senza parole
pt|A segunda temporada é muito melhor do que a primeira
pt|Um elenco incrível numa história fraca
pt|Vale muito a pena ver no cinema
nl|Eindelijk weer eens een serie die blijft boeien
nl|Te lang en te luid, maar wel mooi gefilmd
pl|Najlepszy film, jaki widziałam w tym roku
pl|Zakończenie zupełnie mnie zaskoczyło
sv|Äntligen en serie som vågar vara långsam
sv|Skådespelarna räddar en ganska tunn historia
ru|Лучший сериал этого года, советую всем
ru|Актёры играют прекрасно, а сюжет слабый
ja|二回目でも十分に楽しめる作品でした
zh|演员都很出色，就是片子太长了
ko|배우들의 연기가 훌륭했습니다
tr|Senaryo zayıf ama oyunculuklar harika
ar|القصة ضعيفة لكن التمثيل رائع
"""


def texts(lines: str) -> list[tuple[str, str]]:
    """(language, text) of each line."""
    return [(tag, text) for tag, _, text in (line.partition("|") for line in lines.strip().splitlines())]
