"""Runs cells through jupyter_client: reads {"steps": [...]} from standard input and writes one JSON object for each step.

A step is {"code", "interrupt_after"?, "write"? {path: text}, "stop_on_error"?, "store_history"?, "user_expressions"?, "together"? [codes]}, {"complete" | "inspect" |
"is_complete": code, "at"?}, {"history": arguments} or {"sleep": seconds}.
"""
import json, os, pathlib, sys, threading, time
from jupyter_client.manager import start_new_kernel


def collect(client, sent, timeout=60):
    """Everything that one execute request gave: its reply and what was published for it, until idle."""
    outputs, reply, idle, end = [], None, False, time.time() + timeout
    while not (reply and idle):
        if time.time() > end:
            return {"status": "timeout", "outputs": outputs}
        try:
            message = client.get_iopub_msg(timeout=0.02 if reply is None or idle else 1)
            if message["parent_header"].get("msg_id") == sent:
                kind, content = message["msg_type"], message["content"]
                if kind == "status":
                    idle = content["execution_state"] == "idle"
                else:
                    outputs.append({"type": kind, **content})
        except Exception as error:
            if type(error).__name__ != "Empty":
                raise
        try:
            message = client.get_shell_msg(timeout=0.02)
            if message["parent_header"].get("msg_id") == sent:
                reply = message["content"]
        except Exception as error:
            if type(error).__name__ != "Empty":
                raise
    text = lambda name: "".join(o["text"] for o in outputs if o["type"] == "stream" and o["name"] == name)
    return {**reply, "outputs": [o for o in outputs if o["type"] != "stream"], "stdout": text("stdout"), "stderr": text("stderr")}


def step(manager, client, what):
    for path, text in what.get("write", {}).items():
        pathlib.Path(path).parent.mkdir(parents=True, exist_ok=True)
        pathlib.Path(path).write_text(text, encoding="utf-8")
    if "sleep" in what:
        time.sleep(what["sleep"])
        return {}
    for kind in ("complete", "inspect"):
        if kind in what:
            answer = getattr(client, kind)(what[kind], what.get("at", len(what[kind])), reply=True, timeout=30)
            return answer["content"]
    if "is_complete" in what:
        client.is_complete(what["is_complete"])
        return client.get_shell_msg(timeout=30)["content"]
    if "history" in what:
        return client.history(**what["history"], reply=True, timeout=30)["content"]
    if "together" in what:
        sent = [client.execute(code) for code in what["together"]]
        replies = {}
        while len(replies) < len(sent):
            message = client.get_shell_msg(timeout=30)
            replies[message["parent_header"]["msg_id"]] = message["content"]
        return {"replies": [replies[one] for one in sent]}
    if "code" not in what:
        return {}
    started = time.time()
    sent = client.execute(what["code"], stop_on_error=what.get("stop_on_error", True), store_history=what.get("store_history", True),
                          user_expressions=what.get("user_expressions"))
    timer = threading.Timer(what.get("interrupt_after", 0), manager.interrupt_kernel)
    if "interrupt_after" in what:
        timer.start()
    result = collect(client, sent)
    timer.cancel()  # a cell that was faster: the next one is not meant
    return {**result, "seconds": round(time.time() - started, 3)}


def main():
    job = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what native code in the kernel writes must not come between
    started = time.time()
    manager, client = start_new_kernel(kernel_name="tslab", cwd=job.get("cwd"), env={**os.environ, **job.get("env", {})})
    results = {"ready": round(time.time() - started, 3)}
    try:
        results["steps"] = [step(manager, client, what) for what in job["steps"]]
    finally:
        process = getattr(manager.provisioner, "process", None)
        client.stop_channels()
        manager.shutdown_kernel(now=False)
        results["exit"] = process.returncode if process else None
    json.dump(results, answer)


main()
