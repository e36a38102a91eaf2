/** A thread that helps to train one doc2vec model. */
import { workerData } from "node:worker_threads";
import { Doc2vec } from "./doc2vec";
import { type HelperData, work } from "./train";

const { task, sharing } = workerData as HelperData;
const { words, options } = task;
const model = new Doc2vec(words, words.starts.length - 1, options, sharing);
for (const _ of work(model, task, sharing.thread)); // nobody waits for this thread's turns
