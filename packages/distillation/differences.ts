/** What a teacher gives its students: the same seeds with it and without, each student judged. */
import { type MetricName, rowOf, type Versus } from "../../lib/evaluate/comparison";
import type { Results } from "../../lib/study/experiment";
import { type Each, showEach } from "../../lib/study/several";
import { taughtName } from "./trials";

const [ALONE, TAUGHT] = ["labels alone", "distilled"];

/**
 * Shows what each student has with its teacher and with labels alone, and the difference, corrected for all
 * students.
 * @param results with the answers of all of them
 * @returns by student what may be said of the difference
 */
export async function showTaught(
  { task, answers }: Results,
  students: readonly string[],
  metric: MetricName,
): Promise<Readonly<Record<string, Versus>>> {
  const of = (student: string): Each[string] => {
    const named: Readonly<Record<string, string>> = { [student]: ALONE, [taughtName(student)]: TAUGHT };
    const own = answers.flatMap((one) => {
      const system = named[one.system];
      return system === undefined ? [] : [{ ...one, system }];
    });
    return { task, runs: [], answers: own };
  };
  const each = Object.fromEntries(students.map((student) => [student, of(student)]));
  const compared = await showEach(each, { metric, baseline: ALONE, group: "student" });
  return Object.fromEntries(
    students.map((student) => {
      const { baseline: versus } = rowOf(compared[student], TAUGHT);
      return [student, { ...versus!, system: taughtName(student), other: student }];
    }),
  );
}
