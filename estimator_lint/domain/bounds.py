"""Every bound of an evaluation, and why it has the size it has.

A bound keeps the cost of an evaluation proportional to the length of the program.
Past a bound, evaluation knows less and never something else: a value becomes
unknown of its kind, paths are merged, a call is not followed.
"""

from __future__ import annotations

from typing import Final

# Values

#: Values in one tuple, list, dict or other compound, those in the tuples in it included.
#: What is larger is a table of data; walking over so many values takes about a millisecond.
MAX_SIZE: Final = 1_000
#: Tuples in tuples.  Comparing two of them recurses once for each, and Python stops at 1,000.
MAX_NESTING: Final = 40
#: Characters of a constant string; what is longer is a text, and no name of anything.
MAX_CHARACTERS: Final = 10_000
#: Bits of a constant number: enough for any size, seed or hash.
MAX_BITS: Final = 1_024
#: Characters of a string that are known one by one.
MAX_CHARACTERS_ITERATED: Final = 1_000
#: Numbers of a ``range`` that are known one by one, and items that ``any`` and ``all`` test.
MAX_RANGE: Final = 64
#: Containers in containers that a record shows: ``eval_metrics`` has three, one in the other.
PICTURE_DEPTH: Final = 5
#: Values that one record of a call or a spec shows: each has room for its own, and is kept.
MAX_PICTURED: Final = 250

# Expressions

#: Expressions in expressions past which a value is unknown; each takes three frames of Python's.
MAX_EXPRESSION_DEPTH: Final = 600
#: Operators on operators through which the kind of a value is looked for.
MAX_OPERATORS: Final = 6
#: Attributes and items, one of the other, through which it is looked for what a test asks of.
MAX_TOPIC_DEPTH: Final = 5

#: Constants that a path knows a value not to be; in a longer chain of tests each join would
#: look at all of them.
MAX_RULED_OUT: Final = 32
#: Constants among which a test of membership looks one by one; the further course of the path
#: knows which of them are ruled out, so that tests of long lists would square the cost.
MAX_ALTERNATIVES: Final = 32

# The whole of a model function

#: Expressions evaluated and statements run, once for each path, in all modes together.  The
#: dearest of the published functions takes a third of it; it is used up in about ten seconds.
MAX_WORK: Final = 200_000
#: What comes to that for each line of the function: a long one is no more complex for it.
WORK_PER_LINE: Final = 200

# Paths

#: Paths of a function past which they are merged, whatever is lost by it: every statement is run
#: for each of them.  With twelve, some published files take half the work, and known
#: programs whose paths are mostly in doubt are no longer decided.
MAX_PATHS: Final = 16
#: How many are left then at the most, so that the next statements have room for theirs.
FEW_PATHS: Final = 8
#: Variables that have different values on paths that were joined for want of room, none of which
#: is None, unbound or the like: more would be compared again at each meeting of paths.
MAX_UNLIKE: Final = 16
#: Paths that are held against each other, each against each, to see which can be joined.
MAX_COMPARED: Final = 64
#: Entries that paths have written for themselves, up to which it does not pay to share them.
SMALL_LAYER: Final = 12
#: Layers that paths have for themselves, up to which it does not pay to make one of them.
FEW_LAYERS: Final = 6
#: Layers of a state after which they are summed up, so that a look-up stays short.
LAYERS_PER_SUMMARY: Final = 4
#: How many times as large as the next one each of its summaries is: fewer would be copied more
#: often, more would make a look-up longer.
SUMMARY_GROWTH: Final = 4
#: Sets of doubts past which the search for a proof is given up: it squares their number.
MAX_DOUBT_SETS: Final = 128

#: Doubts of each of some paths from which on those that all have are left out of comparisons.
MANY_DOUBTS: Final = 4

# Loops

#: Rounds that are run one by one; a longer loop counts as of unknown length.
MAX_UNROLLED: Final = 16
#: The same of a loop in loops, in all rounds of those around it.
MAX_UNROLLED_IN_ALL: Final = 64
#: Rounds of a loop of unknown length, the last of which knows nothing of what any may change.
MAX_ROUNDS: Final = 3
#: Loops of unknown length in one another past which the first round is no other than the
#: further ones: with two rounds for each, the cost would double with each.
MAX_LOOPS: Final = 2
#: Objects that are followed to see whether a round changed one of them.
MAX_OBJECTS_FOLLOWED: Final = 200

# Classes

#: Ancestors of a class past which they are unknown: each class has a list of all of its own.
MAX_ANCESTORS: Final = 100
#: Classes of one object past which what they define anew is unknown.
MAX_CLASSES: Final = 6

# Calls

#: Calls inside calls that are followed.
MAX_CALL_DEPTH: Final = 12
#: Statements of the file run inside followed calls, in one mode, past which no call is followed.
MAX_STEPS_IN_CALLS: Final = 4_000
#: The same for what one call in the model function itself leads to.
MAX_STEPS_IN_CALL: Final = 600
#: The same for a call that leads to another file; more is a model's layers, mostly.
MAX_STEPS_IN_OTHER_MODULES: Final = 240
#: The same for all calls in one mode that do.
MAX_STEPS_IN_OTHER_MODULES_IN_ALL: Final = 800
#: Statements in a call from which on it is remembered what the call came to.
MIN_STEPS_REMEMBERED: Final = 3
#: Different circumstances of one call that are remembered.
MAX_CIRCUMSTANCES: Final = 4
#: Functions that are skimmed for one file.
MAX_SKIMMED: Final = 40
#: Statements of a function past which it is not skimmed any further.
MAX_STEPS_SKIMMED: Final = 300
