// The op KomalabAdam: clipping, weight decay, Adam's moments and the update of one parameter in one pass over
// memory (packages/tfjs-graph/optimizer-graph.ts), where ops of TensorFlow's own need five (environment.md has
// what that takes).
//
// Inputs are what ReadVariableOp gives, which is the variable's own memory, and are written to. So the graph
// lets it run after everything else that reads these variables, and each variable's memory must be its own.
//
// Every element by the arithmetic of TensorFlow's ops, without fused multiply-add: the same bits as theirs.
#include <math.h>

#include <algorithm>

#include "own-op.h"

namespace {

// In the order of the op's inputs. Decay before Adam is added to the gradient, after it taken from the
// weight.
enum Input {
  kWeight, kFirst, kSecond, kGradient,
  kFactor, kRate, kBeta1Power, kBeta2Power, kBeta1, kBeta2, kEpsilon, kDecayBefore, kDecayAfter,
  kThreads, kInputs
};
constexpr int64_t kElementsPerThread = 1 << 17;  // below, starting a thread costs more than it gains

struct Step {
  float factor, one_minus_beta1, one_minus_beta2, alpha, epsilon, decay_before, decay_after;
};

void update(float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict gradient,
            int64_t n, Step step) {
  for (int64_t i = 0; i < n; i++) {
    const float g = gradient[i] * step.factor + w[i] * step.decay_before;
    const float decayed = w[i] - w[i] * step.decay_after;
    m[i] += (g - m[i]) * step.one_minus_beta1;
    v[i] += (g * g - v[i]) * step.one_minus_beta2;
    w[i] = decayed - (m[i] * step.alpha) / (sqrtf(v[i]) + step.epsilon);
  }
}

void compute(TF_OpKernelContext* context, TF_Status* status) {
  const own_op::Inputs<kInputs> inputs(context, status);
  if (TF_GetCode(status) != TF_OK) return;
  const int64_t n = inputs.size(kWeight);
  for (Input i : {kFirst, kSecond, kGradient})
    if (inputs.size(i) != n)
      return TF_SetStatus(status, TF_INVALID_ARGUMENT, "a parameter, its moments and its gradient differ in size");
  auto scalar = [&](Input i) { return *inputs.floats(i); };
  const Step step = {
    scalar(kFactor), 1 - scalar(kBeta1), 1 - scalar(kBeta2),
    scalar(kRate) * sqrtf(1 - scalar(kBeta2Power)) / (1 - scalar(kBeta1Power)),
    scalar(kEpsilon), scalar(kDecayBefore), scalar(kDecayAfter),
  };
  const int64_t parts = std::max<int64_t>(1, std::min<int64_t>(inputs.integer(kThreads), n / kElementsPerThread));
  own_op::side_by_side(parts, [&](int64_t p) {
    const int64_t from = n * p / parts, to = n * (p + 1) / parts;
    update(inputs.floats(kWeight) + from, inputs.floats(kFirst) + from, inputs.floats(kSecond) + from,
           inputs.floats(kGradient) + from, to - from, step);
  });
}

const bool added = own_op::add<compute>(
  "KomalabAdam",
  {"weight: float", "first: float", "second: float", "gradient: float", "factor: float", "rate: float",
   "beta1_power: float", "beta2_power: float", "beta1: float", "beta2: float", "epsilon: float",
   "decay_before: float", "decay_after: float", "threads: int32"},
  {}, own_op::infer_nothing);

}  // namespace
