/** Texts to classes by TensorFlow: the built-in model, or a BiLSTM of classify-models.ts. */
import { join } from "node:path";
import { Random } from "../lib/support/random";
import { openRecurrent } from "../packages/recurrent";
import { ready } from "../packages/tfjs-graph";
import { builtinModel, byTensorFlow } from "./classifiers";
import { CLASSES, type OpenClassify } from "./classify";

async function bilstm(folder: string) {
  const { encode, network } = await openRecurrent(folder);
  return { model: network(CLASSES.length, new Random(1)), encode };
}

export const open: OpenClassify = async ({ runtime, folder, batch: batchSize }) => {
  await ready();
  const { model, encode } = await (runtime === "lstm"
    ? bilstm(join(folder, "lstm"))
    : builtinModel(CLASSES.length));
  return byTensorFlow(model, encode, { texts: ["店"], batchSize });
};
