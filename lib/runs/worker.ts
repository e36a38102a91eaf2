/** A process of the pool: does one job after another until the pool lets go of it. */
import { runClassification, type Trial } from "./classification";
import type { FromWorker, ToWorker } from "./pool";

const tell = (message: FromWorker) => void process.send?.(message);

process.on("message", ({ job, input }: ToWorker) => {
  runClassification(input as Trial, (progress) => tell({ job, kind: "progress", progress })).then(
    (output) => tell({ job, kind: "done", output }),
    (error: Error) => tell({ job, kind: "failed", message: error.message, stack: error.stack }),
  );
});
process.on("disconnect", () => process.exit(0));
