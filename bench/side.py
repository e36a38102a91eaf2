"""One side of a row in Python: see side.ts."""
import json, platform, resource, sys, time
from importlib.metadata import version


def serve(open, packages):
    """open(options) makes the side ready and gives (measure, note); measure() gives a number in the row's unit."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    say = lambda answer: print(json.dumps(answer), file=answers, flush=True)
    measure, note = open(json.loads(sys.argv[1]))
    versions = {"Python": platform.python_version()} | {name: version(name) for name in packages}
    say({"ready": True, "versions": versions, "note": note})
    for _ in sys.stdin:
        say({"value": measure()})


def seconds_of(step, seconds):
    """Seconds that one call of step takes, over as many calls as fill `seconds`, at least one."""
    start, calls = time.perf_counter(), 0
    while calls == 0 or time.perf_counter() - start < seconds:
        step()
        calls += 1
    return (time.perf_counter() - start) / calls


def peak_memory():
    """The most memory that this process has held so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
