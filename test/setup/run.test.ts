import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fakeProject } from "./project";

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

test("a machine without a compiler is set up with wasm, and is told why", async (t) => {
  const project = fakeProject(t);
  const { code, output } = await project.start(["setup"]).ending;
  assert.equal(code, 0, output);
  assert.match(
    output,
    /no C\+\+ compiler was found.*\n.*wasm backend computes instead.*apt-get install g\+\+/,
  );
  assert.equal(
    JSON.parse(readFileSync(join(project.root, ".setup", "runtime.json"), "utf8")).backend,
    "wasm",
  );
  assert.deepEqual(project.leftovers(), []);
});

test("a second call makes nothing and takes less than 2 s", async (t) => {
  const project = fakeProject(t);
  await project.start(["setup"]).ending;
  const calls = project.calls();
  const { code, seconds } = await project.start(["setup"]).ending;
  assert.equal(code, 0);
  assert.deepEqual(project.calls(), calls);
  assert.ok(seconds < 2, `${seconds} s`);
});

test("set-ups that run at the same time make everything once", async (t) => {
  const project = fakeProject(t);
  const endings = await Promise.all([1, 2, 3].map(() => project.start(["setup"], 300).ending));
  assert.deepEqual(
    endings.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.deepEqual([...project.calls()].sort(), ["npm", "venv"]);
});

for (const signal of ["SIGTERM", "SIGKILL", "SIGINT"] as const) {
  test(`a set-up that ${signal} ended leaves nothing half-done, and the next one completes it`, async (t) => {
    const project = fakeProject(t);
    const { pid, ending } = project.start(["setup"], 1500);
    while (project.calls().length < 2) await wait(20); // npm ci and the environment are at work
    process.kill(pid, signal);
    assert.notEqual((await ending).code, 0);
    assert.ok(!existsSync(join(project.root, ".venv")), ".venv has its name before it is finished");
    if (signal === "SIGKILL") await wait(1600); // nobody can end the children of a process killed so
    const { code, output } = await project.start(["setup"]).ending;
    assert.equal(code, 0, output);
    assert.ok(existsSync(join(project.root, ".venv", "bin", "python")));
    assert.deepEqual(project.leftovers(), []);
  });
}

test("the scripts of .venv name .venv, not the folder it was made in", async (t) => {
  const project = fakeProject(t);
  await project.start(["setup"]).ending;
  assert.equal(
    readFileSync(join(project.root, ".venv", "bin", "jupyter"), "utf8"),
    `#!${project.root}/.venv/bin/python\n`,
  );
});

test("a wheel of another hash is not taken, and wasm computes", async (t) => {
  const project = fakeProject(t, { "g++": "" });
  const { code, output } = await project.start(["setup"]).ending;
  assert.equal(code, 0, output);
  if (process.platform === "linux")
    assert.match(output, /pip did not bring the wheel.*\n.*wasm backend computes instead/);
  assert.deepEqual(
    project.leftovers().filter((path) => !path.includes(".tmp")),
    [],
  );
});

test("where the cache folder cannot be made, the variable that names another is told", async (t) => {
  const project = fakeProject(t, { "g++": "" });
  writeFileSync(join(project.root, "cache"), "a file where the cache folder should be");
  const { code, output } = await project.start(["setup"]).ending;
  assert.equal(code, 1);
  assert.match(output, /KOMALAB_CACHE/);
});

test("unknown commands and options are named", async (t) => {
  const project = fakeProject(t);
  assert.match(
    (await project.start(["reprot"]).ending).output,
    /there is no command reprot\n +npm run report/,
  );
  assert.match((await project.start(["setup", "--cuda"]).ending).output, /not --cuda/);
  assert.match(
    (await project.start(["test", "--golden", "test/data"]).ending).output,
    /--golden writes all of test\/golden: leave out test\/data/,
  );
  assert.match(
    (await project.start(["test", "test/dta"]).ending).output,
    /there is no file .* under test\/dta/,
  );
});

test("the doctor answers before anything is installed", async (t) => {
  const project = fakeProject(t);
  const { code, output } = await project.start(["doctor"]).ending;
  assert.equal(code, 0, output);
  assert.match(output, /- Node packages\n +what it means: .*\n +does it matter: .*\n +what to do: /);
  assert.ok(!existsSync(join(project.root, "node_modules")));
});
