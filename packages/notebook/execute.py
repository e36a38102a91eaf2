"""Runs a notebook from top to bottom: python execute.py NOTEBOOK KERNEL FOLDER

Says on stdout what happens, one JSON object a line: {"cells": n}, {"cell": i} when code cell i begins, {"note": text} for the newest
line that the cell shows, {"failed": {"cell", "ename", "evalue", "traceback"}}. NOTEBOOK gets its outputs in every case. Ends the
kernel and itself when stdin is closed, so that it never outlives who started it.
"""
import asyncio
import json
import os
import sys
import tempfile
import threading

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError


STARTUP_SECONDS = int(os.environ.get("KOMALAB_KERNEL_SECONDS", "60"))  # that a kernel may take to give its first answer


def say(**event):
    print(json.dumps(event), flush=True)


class Client(NotebookClient):
    """Tells the last line of what a cell shows while it runs: a progress line is one that replaces itself."""

    def process_message(self, msg, cell, cell_index):
        content = msg["content"]
        text = content.get("data", {}).get("text/plain") or content.get("text")
        if msg["msg_type"] in ("display_data", "update_display_data", "stream") and text and text.strip():
            news = text.strip().splitlines()[-1][:200]
            if not news.startswith("|"):  # the last row of a table
                say(note=news)
        return super().process_message(msg, cell, cell_index)


def failed(cell, ename, evalue, traceback=()):
    say(failed={"cell": cell, "ename": ename, "evalue": evalue, "traceback": list(traceback)})


async def run(notebook, kernel, folder):
    numbers = {}  # the place of a cell -> its number among the code cells that run
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None  # what an earlier run left must not look like this one's
            if cell.source.strip():
                numbers[index] = len(numbers) + 1
    now = 0

    def on_cell_start(cell, cell_index):
        nonlocal now
        if cell_index in numbers:
            now = numbers[cell_index]
            say(cell=now)

    say(cells=len(numbers))
    loop = asyncio.get_running_loop()

    def begin():
        resources = {"metadata": {"path": folder}}
        options = {"timeout": None, "startup_timeout": STARTUP_SECONDS, "on_cell_start": on_cell_start}
        client = Client(notebook, kernel_name=kernel, resources=resources, **options)
        return client, asyncio.ensure_future(client.async_execute())

    client, task = begin()

    def stop():  # whichever is under way
        client.shutdown_kernel = "immediate"
        task.cancel()

    def watch():
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(stop)

    threading.Thread(target=watch, daemon=True).start()
    try:
        try:
            await task
        except RuntimeError as error:
            if now > 0 or "didn't respond" not in str(error):
                raise
            say(note=f"the kernel gave no answer in {STARTUP_SECONDS} s: another one is started")
            client, task = begin()
            await task
    except CellExecutionError as error:
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "error"]
        failed(now, error.ename, error.evalue, outputs[-1].traceback if outputs else ())
    except DeadKernelError as error:
        failed(now, "DeadKernelError", f"the kernel died: {error}")
    except asyncio.CancelledError:
        failed(now, "Interrupted", "stopped before its end")
    except Exception as error:  # no such kernel, no memory for it, ...
        failed(now, type(error).__name__, str(error))


def main(file, kernel, folder):
    notebook = nbformat.read(file, as_version=4)
    with tempfile.TemporaryDirectory() as temporary:
        late = os.environ["KOMALAB_KERNEL_ERRORS"] = os.path.join(temporary, "late.jsonl")  # see packages/kernel/launcher.cjs
        asyncio.run(run(notebook, kernel, folder))
        try:
            written = nbformat.writes(notebook).encode()  # whole, before the file is touched
            with open(file, "wb") as into:
                into.write(written)
        except (ValueError, OSError) as error:
            failed(None, type(error).__name__, f"what the cells show cannot be written: {error}")
        if os.path.exists(late):
            with open(late, encoding="utf8") as lines:
                for error in map(json.loads, lines):
                    failed(None, **error)
    os._exit(0)  # the thread still waits for stdin


if __name__ == "__main__":
    main(*sys.argv[1:])
