"""Every bound of an evaluation, with the reason for its size.

A bound keeps the cost of an evaluation proportional to the length of the program.
Past a bound, evaluation knows less, but nothing wrong: only the kind of a value stays known, paths
are merged, or a call is not followed.
"""

from __future__ import annotations

from typing import Final

# Values

#: Values in one tuple, list, dict or other compound, including those in nested tuples. Anything
#: larger is a table of data; walking over so many values takes about a millisecond.
MAX_SIZE: Final = 1_000
#: Nesting of tuples. Comparing two of them recurses once for each level, and Python stops at 1,000.
MAX_NESTING: Final = 40
#: Characters of a constant string; a longer one is a text, not a name of anything.
MAX_CHARACTERS: Final = 10_000
#: Bits of a constant number: enough for any size, seed or hash.
MAX_BITS: Final = 1_024
#: Characters of a string that are known one by one.
MAX_CHARACTERS_ITERATED: Final = 1_000
#: Numbers of a ``range`` that are known one by one, and items that ``any`` and ``all`` test.
MAX_RANGE: Final = 64
#: Nesting of containers that a record shows: ``eval_metrics`` has three levels.
PICTURE_DEPTH: Final = 5
#: Values that a list may hold of which not all items are known.
MAX_HELD: Final = 8
#: Values that one record of a call or a spec shows: every record is kept, with its own copy.
MAX_PICTURED: Final = 250

# Expressions

#: Nesting of expressions past which a value is unknown; each level takes three Python frames.
MAX_EXPRESSION_DEPTH: Final = 600
#: Nested operators through which the kind of a value is traced.
MAX_OPERATORS: Final = 6
#: Values that are looked through for what a test is computed from.
MAX_OPERANDS_SEARCHED: Final = 64
#: Layers and operators through which the batch dimension of a loss is traced to an input.
MAX_LAYERS: Final = 40
#: Chained attributes and items through which the subject of a test is traced.
MAX_TOPIC_DEPTH: Final = 5
#: Objects that the answer of a test is taken to depend on; answers about more seldom change.
MAX_SOURCES: Final = 64
#: Tests of an object that are put in doubt where it changes, the last ones; all of them each time
#: would be quadratic in the number of tests and changes.
MAX_TESTS_IN_DOUBT: Final = 32

#: Constants that a path knows a value not to be; in a longer chain of tests each join would
#: look at all of them.
MAX_RULED_OUT: Final = 32
#: Constants that a membership test compares one by one. The path then remembers which of them are
#: ruled out, so tests of long lists would make the cost quadratic.
MAX_ALTERNATIVES: Final = 32

# The whole of a model function

#: Expressions evaluated and statements run, once for each path, in all modes together.  The most
#: expensive published function takes a third of it; it is used up in about ten seconds.
MAX_WORK: Final = 200_000
#: What each line of the function adds to that: a long function is not complex just for its length.
WORK_PER_LINE: Final = 200

# Paths

#: Paths of a function past which they are merged even if information is lost: every statement is
#: run for each of them.  With twelve, some published files take half the work, and known programs
#: whose paths are mostly in doubt are no longer decided.
MAX_PATHS: Final = 16
#: How many paths that leaves at most, so that the next statements can add some.
FEW_PATHS: Final = 8
#: Variables whose values differ between paths that were joined for lack of room, where none is
#: None, unbound or the like, or some path has lost it: more of them would be compared again where
#: paths meet.
MAX_UNLIKE: Final = 16
#: Paths that are compared pairwise, to see which can be joined.
MAX_COMPARED: Final = 64
#: Tests of two paths that are compared where the paths are joined, to explain what is found behind
#: it: more than a function of usual length has after the place where they part.
MAX_TESTS_COMPARED: Final = 100
#: Entries that each path has written; sharing them pays only above this number.
SMALL_LAYER: Final = 12
#: Layers that each path has of its own; combining them pays only above this number.
FEW_LAYERS: Final = 6
#: Layers of a state after which they are summed up, so that a look-up stays short.
LAYERS_PER_SUMMARY: Final = 4
#: How many times as large as the next one each of its summaries is: a smaller factor makes look-ups
#: longer, a larger one copies entries more often.
SUMMARY_GROWTH: Final = 4
#: Entries that each path has of its own; keeping what tells the paths apart pays only above this
#: number.
MANY_ENTRIES: Final = 24
#: How many entries that differ can be found while one is compared.
COST_OF_COMPARING_ENTRY: Final = 8
#: Meetings of paths that stay apart of which it is kept what told them apart; later ones mostly
#: ask for one of the last, and each keeps states alive.
MAX_MEETINGS: Final = 32
#: Sets of doubts past which the search for a proof is given up: its cost is quadratic in their
#: number.
MAX_DOUBT_SETS: Final = 128

#: Cases per path: what tests have shown on the paths that it stands for. Paths that would have more
#: are joined only where there are too many of them, and then it is forgotten.
MAX_CASES: Final = 8
#: Cases of paths that are compared in order to unite them; the cost is quadratic in their number.
MAX_CASES_COMPARED: Final = 24

#: Number of doubts per path above which the doubts common to all paths are left out of comparisons.
MANY_DOUBTS: Final = 4

#: Nesting of ``finally`` blocks in one another past which paths do not bring their ways out of the
#: statements around: each level has two to five, which would multiply.
MAX_FINALLYS: Final = 2

# Loops

#: Rounds that are run one by one; a loop with more counts as one of unknown length.
MAX_UNROLLED: Final = 16
#: The same for a nested loop, counting its rounds over all rounds of the enclosing loops.
MAX_UNROLLED_IN_ALL: Final = 64
#: Loops in one another that are unrolled: with two rounds each, each level would double the cost,
#: and of a ``while`` loop nobody knows beforehand how many there are.
MAX_UNROLLED_LOOPS: Final = 3
#: Rounds of a counted loop that are run one by one although a path may leave it in each of them.
#: Three is a usual number of attempts.
MAX_ROUNDS_LEFT: Final = 3
#: Rounds of a loop of unknown length; before the last one, everything that a round may change is
#: unknown.
MAX_ROUNDS: Final = 3
#: Nesting of loops of unknown length past which one round stands for all: with two rounds each, the
#: cost would double with every level.  With two levels, no known program is judged otherwise, and
#: nests take up to twice the work.
MAX_LOOPS: Final = 1
#: Objects that are followed to see whether a round changed one of them.
MAX_OBJECTS_FOLLOWED: Final = 200

# Classes

#: Ancestors of a class past which they are unknown: every class keeps a list of all its ancestors.
MAX_ANCESTORS: Final = 100
#: The same for a class with one base, whose list needs no merging. An exception whose ancestors are
#: unknown may be caught by any handler, which costs far more than a long list.
MAX_ANCESTORS_IN_LINE: Final = 400
#: Possible classes of one object past which overridden members are unknown.
MAX_CLASSES: Final = 6

# Calls

#: Depth to which nested calls are followed.
MAX_CALL_DEPTH: Final = 12
#: Statements of the file run inside followed calls, in one mode, past which no call is followed.
MAX_STEPS_IN_CALLS: Final = 4_000
#: The same for what one call in the model function itself leads to.
MAX_STEPS_IN_CALL: Final = 600
#: The same for a call that leads to another file; longer ones mostly build a model's layers.
MAX_STEPS_IN_OTHER_MODULES: Final = 240
#: The same for all calls into other files, in one mode.
MAX_STEPS_IN_OTHER_MODULES_IN_ALL: Final = 800
#: Statements in a call from which on its outcome is remembered.
MIN_STEPS_REMEMBERED: Final = 3
#: Different circumstances of one call that are remembered.
MAX_CIRCUMSTANCES: Final = 4
#: Functions that are summarised context-insensitively (skimmed) for one file.
MAX_SKIMMED: Final = 40
#: Statements of a function past which skimming it is given up.
MAX_STEPS_SKIMMED: Final = 300
