"""Labelled documents that are hard to link, and a catalogue for them: written for this project.

`titles.jsonl` holds the columns of staging/titles that linking may use, one title a line; a key that is left out is null, an
empty list or, for original_title, the title. Ids below 900000000 are TMDb's; the others are invented, as are some
unpopular titles that only get in the way, and popularity is of the right size only. `mentions.jsonl` holds the documents, one
a line, with the same rule for keys.

- `expected`: ids of the titles that a careful reader, with this document and this catalogue, would link. A review is about one
  title, the reviewed one; posts and news name several. Empty: nothing is named, the catalogue lacks what is named (it may hold
  a part of its name), or several titles fit alike.
- `trap`: nothing may be linked, a title of the same name is more popular, or a title stands there that must not win.
- `family`: the difficulty. `split`: dev to build on, test to report on; no sentence is in both, and few titles. The test rows
  were written blind to the linker. Twice before, test rows became dev rows after they had been reported: 953 rows at precision
  .970 and recall .872, then 648 harder ones at .973 and .814; each time new test rows were written.
"""
