"""Partly known expressions, evaluated and executed."""

from __future__ import annotations

import pytest

from estimator_lint.linting import lint_text
from tests.interpreter.snippets import faults, problems, returned_among_values

#: Expressions with more possible values for evaluation than for execution.
PARTLY_KNOWN = r"""
features.name
{i for i in t}
'abc'.startswith(('a', 'b'))
callable(len)
getattr(1, 'real', None) is None
range(3)
set(t)
{*t}
f'{x}'
features[0]
features[1:2]
features[:, 0]
features()
features(x, *t, **d)
features + 1
-features
features == 1
features > 1
features and x
features or x
x if features else 0
x if config() else 0
f'{features}'
f'{x!r:>5}'
'%s' % t
'{}'.format(x)
t[:1]
s[::-1]
t[x or 0]
d[mode]
sorted(s)
max(t)
sum(t)
abs(-1)
int('1')
iter(t)
next(iter(t))
map(len, t)
s.index(1)
s.count(1)
[features for i in features]
[i for i in features]
{i: x for i in features}
{features: x}
{i for i in features}
(i for i in features)
{**params}
{**params, 'z': x}
[*features]
(*features,)
dict(params, z=x)
dict(features)
params | {'z': x}
len(features)
range(len(features))
isinstance(features, dict)
isinstance(x, type(features))
hasattr(features, 'x')
getattr(features, 'x', None)
print(x)
1 @ 2
2 ** 3
1 << 2
3 / 2
divmod(7, 2)
10 ** 100
'a' * 10 ** 6
[0] * 3
(1,) * 2
t < (1, 2)
[1] == [1]
{1} & {2}
d == {}
t == (1, x)
(1, 2) == (1, 2)
x is t
1.0 == 1
True == 1
1 in {1.0: 2}
{1: 'a', True: 'b'}
{1: 'a', 1.0: 'b'}
{1: 'a'}[True]
list(dict.fromkeys((1, 1)))
d.__getitem__('k')
d.__contains__('k')
d.popitem()
(d.popitem(), d)
d.keys() | {'z'}
d.items()
d.keys()
d.values()
len(d.items())
d.keys() == {'k', 'l'}
d.get(mode)
d.pop(mode, None)
d.setdefault(mode, x)
(d.__setitem__('k', 5), d['k'])
(s.insert(0, 5), s)
(s.remove(2), s)
(s.reverse(), s)
(s.sort(key=str), s)
(s.pop(0), s)
(s.pop(-1), s)
(list.append(s, 5), s)
(dict.update(d, k=5), d)
(setattr(features, 'z', x), 0)
(params.update(z=5), params['z'])
type(x)
type(x) is int
type(x) == int
type(None)
id(x)
complex(1, 2)
round(1.5)
pow(2, 3)
repr(x)
str(x)
str(t)
str([1])
ascii('x')
bytes(2)
vars()
dir()
globals()
'a' < 'b'
'a' in 'abc'
'z' not in 'abc'
None == 0
None != None
[] == []
[] is []
() == ()
lambda: None
len
int
int is not None
Exception
Exception()
NotImplemented
__name__
__debug__
'x' 'y' f'{x}' 'z'
f'{x:{y}}'
f'{1}{2}'
f'a' 'b'
f''
rb'a\n'
r'a\n'
u'a'
"\x41\u0042\N{BULLET}"
1_000
0b11
0o17
1e3
[[1, 2], [3]][0][1]
[[1, 2], [3]][x or 1]
((1, 2), 3)[0][1]
'abc'[0]
'abc'[1:]
'abc'[-1]
t[True]
s[False]
t[5:]
s[0:1]
(lambda: (yield))()
(lambda *, k=x: k)()
(lambda a1, *r, k=x, **kw: (a1, r, k, kw))(1, 2, 3, m=4)
(lambda f: f(f))(lambda f: 1)
(lambda f: (lambda z: f(z)))(lambda z: z)(x)
[f() for f in [lambda: i for i in (1, 2)]]
[f() for f in [lambda i=i: i for i in (1, 2)]]
(lambda: y)() or (lambda: x)()
[z for z in (lambda: t)()]
[k for k in d if d[k] is None]
{k: (k, v) for k, v in zip('ab', t)}
{**{'a': 1}, **{'a': x}}
{'a': 1, 'a': x}
{x: 1}
{x: 1}[x]
{(1, 2): 3}
{(1, x): 3}[(1, x)]
{None: 1}.get(None)
{True: 1, False: 2}[x is None]
(1, 2) in {(1, 2): 3}
(x, y) == (1, 0)
(x, y) in [(1, 0)]
x in t
[x] in [[1]]
any(v is None for v in t)
all(v is None for v in t)
any([a, b])
all((a, b))
any(i == 2 for i in (1, 2))
sum(1 for i in t)
max(1, 2)
max((1, 2), default=None)
max([], default=None)
min(t, key=str)
next(iter([]), None)
next((i for i in t if i is None), 0)
list(map(lambda z: None, t))
list(filter(None, t))
list(reversed(t))
sorted((2, 1))
sorted((2, 1))[0]
zip(t, s)
enumerate(t, 1)
list(enumerate(t, 1))
list(enumerate(t, start=1))
list(zip(t, s, strict=True))
list(zip(*[t, s]))
dict(enumerate(t))
tuple(zip())
list(range(100))
range(3)[1]
range(0)
list(range(5, 0, -2))
int('5') == 5
float('1')
bool([])
bool({})
bool(d)
bool('')
not d
not []
not ()
not features
slice(1)
object()
super
print
open
a + 1
-a
a == True
a is True
a is not False
a in (True,)
a and x
a or x
x or a
a if b else x
not a
(not a) is b
a != b
a & b
a ^ True
1 if a else 2 if b else 3
(1 if a else 2, 1 if a else 2)
[1 for i in (1, 2) if a]
[i for i in (1, 2) if a or i == 1]
{k: 1 for k in 'ab' if b}
(z for z in t if a)
f'{a}'
(a, b)[x is None]
{True: 1, False: 2}[a]
{True: 1}.get(a)
[1, 2][a]
a < b < 1
a == b == True
1 == a
(p := a) and p
(p := x if a else y, p)
'%s' % x
{1}.isdisjoint({2})
{1}.issuperset({1})
{1}.symmetric_difference({2})
s.__len__()
s.__contains__(1)
s.__iadd__([5])
f'{1=}'
f'{{}}{1}'
f'\t{1}'
""".strip().splitlines()

#: Expressions that evaluation judges wrongly today, with its answer.
WRONG = {
    "a set's order": ("a set is listed in the order of its display", "list({2, 1})"),
    "__setitem__": (
        "what a list's __setitem__ gives is taken for not None",
        "(s.__setitem__(0, 5), s)",
    ),
    "__delitem__": ("what a list's __delitem__ gives is taken for not None", "s.__delitem__(0)"),
    "__init__": ("what a list's __init__ gives is taken for not None", "s.__init__()"),
}


@pytest.mark.parametrize("x", ["1", "None"])
@pytest.mark.parametrize("expression", PARTLY_KNOWN)
def test_is_not_wrong(expression: str, x: str) -> None:
    snippet = returned_among_values(expression, x)
    assert not problems(snippet, exact=False)


@pytest.mark.parametrize("expression", faults(WRONG))
def test_is_wrong_today(expression: str) -> None:
    snippet = returned_among_values(expression, "None")
    assert not problems(snippet, exact=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [("p[:1]", "p[1:]"), ("p[::2]", "p[:2]"), ("p[:1, 0]", "p[1:, 0]"), ("p[0, :]", "p[:, 0]")],
)
def test_slices_with_other_limits_are_other_values(one: str, other: str) -> None:
    source = f"""
import tensorflow as tf

def model_fn(features, labels, mode, params):
    loss, p = None, params["p"]
    if {one} and not {other}:
        loss = tf.reduce_mean(features["x"])
    return tf.estimator.EstimatorSpec(mode, predictions=features, loss=loss, train_op=tf.no_op())
"""
    assert {finding.code for finding in lint_text(source)} == {"MFN111"}
