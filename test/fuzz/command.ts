/** npm run fuzz: damaged files for every reader, by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { complain, printable } from "../../lib/support/printable";
import { COUNT, numberOf, whole } from "../../lib/support/settings";
import { fuzz, prepareSamples, READERS } from "./fuzz";
import { watch } from "./watch";

const USAGE = `npm run fuzz -- [--inputs 1000] [--from 0] [--only NAME]

Damages valid files, as their formats are made, and reads them: for each reader how many were read, refused after the first
check and refused by it. A raw TypeError, RangeError or SyntaxError, a refusal that names no place, more than 5 s and more than
500 MB are faults. Input N of a reader is always the same.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      inputs: { type: "string", default: "1000" },
      from: { type: "string", default: "0" },
      only: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const count = numberOf("inputs", values.inputs, COUNT)!,
    from = numberOf("from", values.from, whole(0))!,
    called = READERS.filter(({ name }) => name === values.only),
    readers =
      called.length > 0
        ? called
        : READERS.filter(({ name }) => values.only === undefined || name.includes(values.only));
  if (readers.length === 0)
    throw new Error(
      `no reader is called ${values.only}; there are ${READERS.map(({ name }) => name).join("; ")}`,
    );
  const folder = mkdtempSync(join(tmpdir(), "komalab-fuzz-"));
  try {
    await prepareSamples(folder);
    for (const reader of readers) {
      const started = performance.now();
      const { onInput, end } = watch(reader.name);
      const { counts, faults } = await fuzz(reader, {
        from,
        count,
        folder: join(folder, "inputs"),
        onInput,
      });
      await end();
      const passed = Math.round((100 * (counts.accepted + counts.later)) / count);
      console.log(
        `${reader.name}: ${counts.accepted} read, ${counts.later} refused later, ${counts.first} by the first check (${passed} % pass it), ` +
          `longest ${counts.seconds.toFixed(1)} s, ${counts.letters} letters of a message, ${faults.length} faults, ${((performance.now() - started) / 1000).toFixed(0)} s`,
      );
      const kinds = new Map(faults.map((fault) => [fault.what.replace(/\d+/g, "#").slice(0, 160), fault]));
      for (const { input, what } of [...kinds.values()].slice(0, 20))
        console.log(printable(`  input ${input}: ${what}`));
      if (faults.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().catch((error: Error) => {
  complain(error.message);
  process.exitCode = 2;
});
