import assert from "node:assert/strict";
import { test } from "node:test";
import { ALWAYS, goldChance, schedules, TEACHER_FORCING } from "..";

const near = (value: number, expected: number) =>
  assert.ok(Math.abs(value - expected) < 1e-9, `${value} is not ${expected}`);

test("the decays are those of the paper", () => {
  near(goldChance({ decay: "linear", k: 1, c: 0.01, least: 0.25 }, 30), 0.7); // k - c i
  near(goldChance({ decay: "linear", k: 1, c: 0.01, least: 0.25 }, 90), 0.25); // not below ε
  near(goldChance({ decay: "exponential", k: 0.99 }, 50), 0.6050060671375367); // k^i
  near(goldChance({ decay: "inverse sigmoid", k: 10 }, 20), 10 / (10 + Math.E ** 2));
});

test("all decays fall from almost 1 to the same chance at the last step, and never rise", () => {
  for (const steps of [10, 40, 400])
    for (const last of [0.9, 0.5, 0.1])
      for (const [name, schedule] of Object.entries(schedules(steps, [last]))) {
        const chances = Array.from({ length: steps }, (_, i) => goldChance(schedule, i));
        if (name === TEACHER_FORCING) assert.ok(chances.every((chance) => chance === 1));
        else if (name === ALWAYS) assert.ok(chances.every((chance) => chance === 0));
        else {
          assert.ok(Math.abs(chances[steps - 1] - last) < 1e-6, `${name}: ${chances[steps - 1]}`);
          assert.ok(chances[0] > last && chances[0] <= 1, `${name}: ${chances[0]}`);
          assert.ok(chances.every((chance, i) => i === 0 || chance <= chances[i - 1]));
        }
      }
});

test("rows are named by their decay and its end, between the paper's extremes", () =>
  assert.deepEqual(Object.keys(schedules(10, [0.9, 0.5])), [
    "teacher forcing",
    "linear to 0.9",
    "exponential to 0.9",
    "inverse sigmoid to 0.9",
    "linear to 0.5",
    "exponential to 0.5",
    "inverse sigmoid to 0.5",
    "always sampling",
  ]));

test("a chance that is none is refused", () => {
  assert.throws(() => schedules(10, [1]), /lasts = \[1\] is not/);
  assert.throws(() => schedules(1, [0.5]), /steps = 1 is not/);
});
