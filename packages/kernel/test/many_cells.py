"""Memory of one kernel over many cells, by hand: .venv/bin/python packages/kernel/test/many_cells.py [10000]

Writes a line for each 1,000 cells. Measured (Node 20.20, 2 cores, load 1 to 2, 160 s): 473 MB resident at the 1,000th cell,
537 at the 2,000th, 536 at the 10,000th (533 to 544 between); in use after a collection 77, 80 and 82 MB, 82 from the 4,000th on.
"""
import json, sys, time
from jupyter_client.manager import start_new_kernel

COLLECT = """require("v8").setFlagsFromString("--expose-gc");
const collectOnce: () => void = require("vm").runInNewContext("gc");
const collect = () => { for (let turn = 0; turn < 12; turn++) collectOnce(); return process.memoryUsage().heapUsed / 1e6; };"""


def execute(client, code):
    """The cell's value as text; ends the script where it fails."""
    sent, value = client.execute(code), None
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != sent:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "execute_result":
            value = content["data"]["text/plain"]
        if kind == "error":
            sys.exit(f"{code}: {content['evalue']}")
        if kind == "status" and content["execution_state"] == "idle":
            client.get_shell_msg(timeout=120)
            return value


def main():
    cells = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    manager, client = start_new_kernel(kernel_name="tslab")
    status = f"/proc/{manager.provisioner.process.pid}/status"
    started, lost = time.time(), 0
    execute(client, COLLECT)
    for i in range(1, cells + 1):
        code, value = [
            (f"let v{i % 9} = {i}; v{i % 9} + 1", i + 1),
            (f"const f{i % 9} = (x: number) => x + {i}; f{i % 9}(1)", i + 1),
            (f"await Promise.resolve({i})", i),
        ][i % 3]
        lost += execute(client, code) != str(value)
        if i % 1000 == 0:
            resident = next(int(line.split()[1]) for line in open(status) if line.startswith("VmRSS")) / 1024
            used = float(execute(client, "collect()"))
            print(json.dumps({"cells": i, "lost": lost, "resident_mb": round(resident), "used_mb": round(used), "s": round(time.time() - started)}), flush=True)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


main()
