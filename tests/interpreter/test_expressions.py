"""Every kind of expression, evaluated and executed: what can be returned is the same."""

from __future__ import annotations

import pytest

from tests.interpreter.snippets import problems, returned_among_values

#: Expressions that are known entirely; each may read ``x`` (1 or None), ``t``, ``s`` and ``d``.
VALUES = """
None
True
...
12
0x1_0
1.5
2j
'text'
b'bytes'
'con' 'cat' "enated"
f'<{t[0]}{"}"}>'
(1, x)
(1,)
()
[1, x]
{1, 2}
{}
{'k': x, 'l': [x]}
{'k': 1, **d, 'n': x}
{**d, 'k': 0}
[*t, 0]
(*t, *s)
x is None
x is not None
x == 1
x != 1
not x
not not x
x in (1, 2)
x not in (None,)
'k' in d
'z' not in d
x in []
1 < 2 < 3
1 < 2 > 3
None is None is None
1 == 1 != 2 in (2,)
x or 0
x and 0
x or None
0 or None or x
1 and x and 2
(x or 5) + 1
5 if x else 6
5 if x is None else x
(y := x)
(y := 1) + y
[y := 1, y ** 0][0]
-1
+1
~1
not 1
1 + 2 * 3 - 4 // 3 % 5
7 & 3 | 8 ^ 1
'a' + 'b'
'a' * 3
(1, 2) + (3,)
[1] + [x]
{'a': 1} | {'b': x}
d | {'k': 5}
t[0]
t[-1]
s[1]
d['k']
d['l']
d.get('k')
d.get('z')
d.get('z', 0)
d.get('l', 0)
d.pop('k')
d.pop('z', None)
(d.pop('k'), d)
(d.setdefault('k', 5), d)
(d.setdefault('z'), d)
(d.setdefault('l', 7), d)
(d.update(k=2, z=x), d)
(d.update({'k': 2}), d)
(d.update([('k', 2)]), d)
(d.update(d, k=3), d)
(d.clear(), d)
(d.copy(), d)
dict(d)
dict(d, k=3)
dict(k=x)
dict([('k', 1), ['l', x]])
dict(**d)
dict(zip('ab', (1, x)))
dict.fromkeys(('k', 'l'))
dict.fromkeys('kl', 0)
list(d)
tuple(d.items())
tuple(d.values())
list(t)
tuple(s)
len(d)
len(t)
len('abc')
bool(x)
bool(None)
str(1)
str(True)
tuple(range(1, 5, 2))
list(enumerate(t))
list(zip(t, s))
any(t)
all(t)
any([])
isinstance(1, int)
isinstance(x, (int, str))
isinstance(t, tuple)
isinstance(None, dict)
isinstance(d, dict)
isinstance(True, int)
callable(None)
'Train'.lower()
'train'.upper()
'a_b'.replace('_', '-')
'abc'.startswith('a')
' a '.strip()
[i for i in t]
[i for i in (1, None) if i]
[i for i in (1, None) if i is not None if i > 0]
[(i, j) for i in (1, 2) for j in (3, 4) if i + j != 5]
[j for i in ((1, 2), (3,)) for j in i]
{k: v for k, v in d.items()}
{k: v for k, v in d.items() if v is not None}
{k: [k for k in 'ab'] for k in 'cd'}
tuple(i for i in t)
list(i for i in t if i)
dict((k, v) for k, v in d.items())
[x for x in (5, 6)] and x
[i for i in range(3)][-1]
[(lambda: i)() for i in (1, 2)]
[y for i in (1, 2) if (y := i) == 2] and y
(lambda: x)()
(lambda z: z)(x)
(lambda z=1: z)()
(lambda *z: z)(1, x)
(lambda **z: z)(k=x)
(lambda z, /, *, k: (z, k))(1, k=2)
x if mode == 'train' else None
mode
mode == 'infer' or None
(mode in ('train', 'eval')) and x
{'train': 1, 'eval': 2, 'infer': None}[mode]
{'train': 1, 'eval': 2}.get(mode, x)
labels is None
labels is not None and 1
s.copy()
s.append(1)
(s.append(x), s)
(s.extend([1, x]), s)
(s.pop(), s)
(s.clear(), s)
len({1, 1})
len({*t, *t})
len(set((1, 1)))
""".strip().splitlines()


@pytest.mark.parametrize("x", ["1", "None"])
@pytest.mark.parametrize("expression", VALUES)
def test_is_known(expression: str, x: str) -> None:
    snippet = returned_among_values(expression, x)
    assert not problems(snippet, exact=True)
