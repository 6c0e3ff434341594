"""TAP on stdout, as t/tap.h does it for C."""
import sys

n = bad = 0


def ok(cond, what, *more):
    """more: said where it fails."""
    global n, bad
    n += 1
    bad += not cond
    print("%sok %d - %s" % ("" if cond else "not ", n, what))
    if not cond:
        for m in more:
            print("# %s" % (m,))


def end():
    print("1..%d" % n)
    sys.exit(bad != 0)
