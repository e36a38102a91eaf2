/**
 * The engine on native TensorFlow: every step is one call of a graph that holds forward pass, gradients,
 * clipping and optimiser.
 */

import { type HostArray, sizeOf, type Weights } from "../../lib/support/host-array";
import { isSlowTransposed, oneDnnAsked } from "../../lib/support/one-dnn";
import { appendForAnySize, probesOf } from "./any-size";
import { tf } from "./backend";
import {
  checkAveraged,
  type Engine,
  type EngineSettings,
  fitting,
  type GraphShapes,
  type HostInputs,
  normsOf,
  type OpenSize,
  type OptimizerState,
  openSizes,
  type StepContext,
  type StepOptions,
  type StepResult,
  stagesOf,
  withSizes,
} from "./engine-types";
import { Graph } from "./graph";
import {
  AttributeType,
  type Binding,
  type BindingTensor,
  DataType,
  nativeBackend,
  onGpu,
  typeAttribute,
} from "./native";
import { type Steps, stepsOf } from "./optimizer";
import { SCALARS, type Slot, update, type Variable } from "./optimizer-graph";
import { layOut } from "./product-layout";
import { checkedState } from "./restore";
import { closeSession, openSession, type Session } from "./sessions";
import { stepGradients } from "./step-gradients";
import { Recorder } from "./trace";

const FLOAT = typeAttribute("T", "float32");
const VARIABLE = typeAttribute("dtype", "float32");
interface TracedGraph {
  readonly name: string;
  readonly shapes: GraphShapes;
  readonly inputs: readonly string[];
  readonly feeds: string;
  readonly fetches: string;
}

export class TracedEngine implements Engine {
  readonly mode = "traced";
  readonly reason = "";
  private readonly binding: Binding = nativeBackend().binding;
  private readonly graph = new Graph();
  private readonly variables: readonly Variable[];
  private readonly slots: readonly Slot[];
  /** Of the slots' weights, where there are averages. */
  private readonly averageVariables: readonly Variable[];
  private readonly trainGraphs: readonly TracedGraph[];
  private readonly outputGraphs: readonly TracedGraph[];
  /** Those that hold the transpose of their value. */
  private readonly turned: ReadonlySet<Variable>;
  /** The nodes to fetch for what is trained, its moments and averages as they were given. */
  private readonly asGiven: ReadonlyMap<Variable, string>;
  private readonly stages: ReadonlyMap<string, readonly number[]>;
  private readonly session: Session;
  private steps = 0;
  private disposed = false;

  constructor(private readonly settings: EngineSettings) {
    const { weights, trainable = [], trainShapes = [], outputShapes = [] } = settings;
    this.variables = Object.entries(weights).map(([name, value], i) =>
      this.variable(`weight_${i}`, name, value),
    );
    const byName = new Map(this.variables.map((variable) => [variable.name, variable]));
    this.slots = trainable.map((name, i) => {
      const weight = byName.get(name) as Variable;
      const moment = (order: string) => this.variable(`${order}_${i}`, name, weight.value);
      const slot = { weight, first: moment("first"), second: moment("second") };
      return settings.averaged ? { ...slot, average: moment("average") } : slot;
    });
    this.averageVariables = this.slots.flatMap(({ average = [] }) => average);
    this.stages = stagesOf(settings);
    for (const name of SCALARS) this.graph.placeholder(name, DataType.float32, []);
    this.graph.placeholder("seed", DataType.int32, [2]);
    this.trainGraphs = trainShapes.map((shapes, i) =>
      this.traced(`train_${i}`, shapes, ["seed"], (...to) => this.traceStep(...to)),
    );
    this.outputGraphs = outputShapes.map((shapes, i) =>
      this.traced(`outputs_${i}`, shapes, [], (...to) => this.traceOutputs(...to)),
    );
    const trained = new Set(trainable);
    const frozen = this.variables.filter(({ name }) => !trained.has(name));
    // activations are computed again to save memory; on a GPU nothing was measured
    const twice = !settings.checkpointing && !onGpu();
    const slowTransposed = onGpu() || isSlowTransposed(oneDnnAsked());
    const layout = layOut(this.graph, { frozen, slots: this.slots, twice, slowTransposed });
    this.turned = layout.turned;
    if (settings.averaged) this.averaging();
    const started = [...this.variables, ...layout.copies];
    this.assignments("start_weights", started);
    const weightsTrained = this.slots.map(({ weight }) => weight);
    this.assignments("set_weights", weightsTrained);
    this.assignments("set_moments", this.moments());
    this.assignments("set_averages", this.averageVariables);
    this.asGiven = new Map(
      [...weightsTrained, ...this.moments(), ...this.averageVariables].map((variable) => [
        variable,
        this.turned.has(variable) ? this.transposed(variable.read) : variable.read,
      ]),
    );
    const bytes = [...started, ...this.moments(), ...this.averageVariables].reduce(
      (sum, { value }) => sum + value.data.byteLength,
      0,
    );
    this.session = openSession(this.graph.savedModel(), bytes);
    this.assign(
      "start_weights",
      started.map(({ value }) => value),
    );
    // fed, since TensorFlow makes one tensor of equal ones, and setup/adam.cc writes into each
    this.assign(
      "set_moments",
      this.moments().map(({ value: { shape, data } }) => ({ shape, data: new Float32Array(data.length) })),
    );
    this.setAverages(this.averageVariables.map(({ value }) => value));
  }

  step(inputs: HostInputs, { learningRate, seed }: StepOptions): StepResult {
    const scalars = this.optimizer().scalars(this.steps + 1, learningRate);
    const fed = SCALARS.map((name) => scalar(scalars[name]));
    const feeds = SCALARS.map((name) => `${name}:0`).join(",");
    const graph = fitting(this.trainGraphs, inputs, "step");
    const arrays = [
      ...graph.inputs.map((name) => inputs[name]),
      { shape: [2], data: Int32Array.of(seed, 0) },
    ];
    const [loss, norms, aux] = this.fetch([...arrays, ...fed], `${graph.feeds},${feeds}`, graph.fetches);
    this.steps++;
    return { loss: loss.data[0], ...normsOf(norms.data, this.stages), ...(aux ? { aux } : {}) };
  }

  outputs(inputs: HostInputs): HostArray {
    const graph = fitting(this.outputGraphs, inputs, "outputs");
    return this.fetch(
      graph.inputs.map((name) => inputs[name]),
      graph.feeds,
      graph.fetches,
    )[0];
  }

  weights(): Weights {
    return { ...this.settings.weights, ...this.read(this.slots.map(({ weight }) => weight)) };
  }

  average(share: number): void {
    checkAveraged(this.settings);
    this.fetch([scalar(1 - share)], "kept:0", "move_averages:0");
  }

  averages(): Weights {
    return { ...this.weights(), ...this.read(this.averageVariables) };
  }

  optimizerState(): OptimizerState {
    const firstMoments = this.read(this.slots.map(({ first }) => first));
    return {
      steps: this.steps,
      firstMoments,
      secondMoments: this.read(this.slots.map(({ second }) => second)),
      ...(this.settings.averaged && { averages: this.read(this.averageVariables) }),
    };
  }

  restore(weights: Weights, optimizer?: OptimizerState): void {
    const names = this.slots.map(({ weight }) => weight.name);
    const state = checkedState(names, this.settings.weights, weights, optimizer);
    if (names.length === 0) return;
    this.assign("set_weights", state.weights);
    this.setAverages(state.averages);
    if (!optimizer) return;
    this.assign("set_moments", state.moments);
    this.steps = optimizer.steps;
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    closeSession(this.session);
  }

  // ---- building the graph

  private variable(node: string, name: string, value: HostArray): Variable {
    const dtype = { name: "dtype", type: AttributeType.type, value: typeOf(value) };
    const attributes = [
      dtype,
      { name: "shape", type: AttributeType.shape, value: value.shape },
      { name: "shared_name", type: AttributeType.string, value: node },
      { name: "container", type: AttributeType.string, value: "" },
    ];
    const handle = this.graph.node("VarHandleOp", [], attributes, node);
    return {
      name,
      value,
      handle,
      read: this.graph.node("ReadVariableOp", [handle], [dtype], `${node}_read`),
    };
  }

  private moments(): Variable[] {
    return [...this.slots.map(({ first }) => first), ...this.slots.map(({ second }) => second)];
  }

  /**
   * Nodes that set variables to what is fed under `${name}_0`, `${name}_1`, …; the node `name` waits for all.
   */
  private assignments(name: string, variables: readonly Variable[]): void {
    const done = variables.map((variable, i) => {
      const { handle, value } = variable;
      const fed = this.graph.placeholder(`${name}_${i}`, typeOf(value), value.shape),
        kept = this.turned.has(variable) ? this.transposed(fed) : fed;
      return this.graph.node("AssignVariableOp", [handle, kept], [{ ...VARIABLE, value: typeOf(value) }]);
    });
    this.graph.after(done, name);
  }

  /** The transpose of a matrix. */
  private transposed(matrix: string): string {
    const axes = { shape: [2], dtype: DataType.int32, bytes: new Uint8Array(Int32Array.of(1, 0).buffer) };
    return this.graph.node(
      "Transpose",
      [matrix, this.graph.constant(axes)],
      [FLOAT, typeAttribute("Tperm", "int32")],
    );
  }

  /** What moves the averages. */
  private averaging(): void {
    this.graph.placeholder("kept", DataType.float32, []);
    const moved = this.averageVariables.map(({ handle, read }, i) => {
      const { weight } = this.slots[i],
        away = this.graph.node("Sub", [weight.read, read], [FLOAT]);
      const left = this.graph.node("Mul", [away, "kept"], [FLOAT]);
      return this.graph.node(
        "AssignVariableOp",
        [handle, this.graph.node("Sub", [weight.read, left], [FLOAT])],
        [VARIABLE],
      );
    });
    this.graph.after(moved, "move_averages");
  }

  /** The graph of `shapes`; where sizes are left open, from traces of a few. */
  private traced(
    name: string,
    shapes: GraphShapes,
    more: readonly string[],
    trace: (graph: Graph, name: string, shapes: GraphShapes) => string,
  ): TracedGraph {
    const inputs = Object.keys(shapes);
    const places = inputs.map((input) =>
      this.graph.placeholder(`${name}_in_${input}`, DataType[shapes[input].dtype], shapes[input].shape),
    );
    const feeds = [...places, ...more].map((feed) => `${feed}:0`).join(",");
    const open = openSizes(shapes);
    if (open.length === 0) return { name, shapes, inputs, feeds, fetches: trace(this.graph, name, shapes) };
    const traces = probesOf(open.length).map((sizes) => {
      const graph = new Graph(`${name}_`);
      const closed = new Map(open.map(({ size }, i) => [size, sizes[i]]));
      return { graph, fetches: trace(graph, name, withSizes(shapes, closed)) };
    });
    appendForAnySize(
      this.graph,
      traces.map(({ graph }) => graph.nodes),
      open.map((one) => this.sizeOf(one, `${name}_in_${one.input}`)),
    );
    return { name, shapes, inputs, feeds, fetches: traces[0].fetches };
  }

  /** The node of one size of an input. */
  private sizeOf({ axis, dtype }: Pick<OpenSize, "axis" | "dtype">, input: string): string {
    const shape = this.graph.node(
      "Shape",
      [input],
      [typeAttribute("T", dtype), typeAttribute("out_type", "int32")],
    );
    const types = [
      typeAttribute("Tparams", "int32"),
      typeAttribute("Tindices", "int32"),
      typeAttribute("Taxis", "int32"),
    ];
    return this.graph.node(
      "GatherV2",
      [shape, this.graph.scalar(axis, "int32"), this.graph.scalar(0, "int32")],
      types,
    );
  }

  /** The tensors that a loss or an output reads, standing for nodes. */
  private context(
    recorder: Recorder,
    name: string,
    shapes: GraphShapes,
    variables = this.variables,
  ): Omit<StepContext, "dropout"> {
    const parameters = variables.map(
      ({ name: key, read, value }) =>
        [key, recorder.tensor(read, { shape: value.shape, dtype: typeOf(value) })] as const,
    );
    const inputs = Object.entries(shapes).map(
      ([key, { shape, dtype }]) =>
        [key, recorder.tensor(`${name}_in_${key}`, { shape, dtype: DataType[dtype] })] as const,
    );
    return { parameters: Object.fromEntries(parameters), inputs: Object.fromEntries(inputs) };
  }

  private traceOutputs(graph: Graph, name: string, shapes: GraphShapes): string {
    const { outputs } = this.settings;
    if (!outputs) throw new Error("outputShapes are given, but no outputs");
    const recorder = new Recorder(graph, this.settings.precision);
    const averages = new Map(this.averageVariables.map((average) => [average.name, average])),
      variables = this.variables.map((variable) => averages.get(variable.name) ?? variable);
    recorder.record(() => {
      const result = outputs({ ...this.context(recorder, name, shapes, variables), dropout: (x) => x });
      identity(graph, recorder.reference(result), [], `${name}_output`);
    });
    return `${name}_output:0`;
  }

  private traceStep(graph: Graph, name: string, shapes: GraphShapes): string {
    if (!this.settings.loss) throw new Error("trainShapes are given, but no loss");
    const recorder = new Recorder(graph, this.settings.precision);
    let feedback = "";
    recorder.record(() => {
      const context = this.context(recorder, name, shapes);
      const seed = recorder.tensor("seed", { shape: [2], dtype: DataType.int32 });
      const trained = this.slots.map(({ weight: { name: key } }) => [key, context.parameters[key]] as const);
      const { value, gradients, aux } = stepGradients({
        settings: this.settings,
        ...{ context, seed, trained },
        order: recorder,
      });
      const references = gradients.map((gradient) => recorder.reference(gradient));
      const told = aux ? [identity(graph, recorder.reference(aux), [], `${name}_aux`)] : [];
      feedback = told.map((node) => `,${node}:0`).join();
      tf.dispose(aux ?? []);
      const reached = [recorder.reference(value), ...told];
      const { norms, moved } = update(graph, this.optimizer(), this.slots, references, reached, [
        ...this.stages.values(),
      ]);
      identity(graph, reached[0], moved, `${name}_loss`);
      identity(graph, norms, [], `${name}_norm`);
    });
    return `${name}_loss:0,${name}_norm:0${feedback}`;
  }

  // ---- running it

  private optimizer(): Steps {
    if (!this.settings.optimizer) throw new Error("this engine was opened without an optimizer");
    return stepsOf(this.settings.optimizer);
  }

  private assign(name: string, values: readonly HostArray[]): void {
    this.fetch(values, values.map((_, i) => `${name}_${i}:0`).join(","), `${name}:0`);
  }

  private setAverages(values: readonly HostArray[]): void {
    if (this.settings.averaged && values.length > 0) this.assign("set_averages", values);
  }

  private read(variables: readonly Variable[]): Weights {
    if (variables.length === 0) return {};
    const values = this.fetch([], "", variables.map((one) => `${this.asGiven.get(one)}:0`).join(","));
    return Object.fromEntries(variables.map(({ name }, i) => [name, values[i]]));
  }

  private fetch(fed: readonly HostArray[], feeds: string, fetches: string): HostArray[] {
    if (this.disposed) throw new Error("this engine was disposed of: open another one");
    const ids: number[] = [];
    let results: readonly BindingTensor[] = [];
    try {
      for (const array of fed)
        ids.push(this.binding.createTensor(array.shape, typeOf(array), checked(array)));
      results = this.binding.runSavedModel(this.session.id, ids, feeds, fetches);
      return results.map(({ id, shape }) => ({
        shape,
        data: this.binding.tensorDataSync(id) as HostArray["data"],
      }));
    } finally {
      [...ids, ...results.map(({ id }) => id)].forEach((id) => this.binding.deleteTensor(id));
    }
  }
}

const identity = (graph: Graph, reference: string, after: readonly string[], name: string) =>
  graph.node("Identity", [reference, ...after.map((node) => `^${node}`)], [FLOAT], name);

const typeOf = ({ data }: HostArray) => (data instanceof Int32Array ? DataType.int32 : DataType.float32);
const scalar = (value: number): HostArray => ({ shape: [], data: Float32Array.of(value) });

function checked({ shape, data }: HostArray): HostArray["data"] {
  if (data.length !== sizeOf(shape))
    throw new Error(`${data.length} values do not fill the shape [${shape}]`);
  return data;
}
