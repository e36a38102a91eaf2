// The op KomalabLstmGradient: the gradient of an LSTM's four gates over all time steps (packages/tfjs-graph/lstm.ts).
// The gradients of weights and inputs are then one product each over all steps, where TensorFlow's own op
// (BlockLSTMGradV2) adds up the weights' after every step: for a batch of 16 that is most of its time.
//
// Shapes: T time steps, B batch, H hidden. Rows of a batch know nothing of each other, so each thread takes some of
// them through all steps, and a row's bits depend on neither its neighbours nor the number of threads.
#include <string.h>

#include <algorithm>

#include "own-op.h"

namespace {

// In the order of the op's inputs: what BlockLSTMV2 has computed, [T, B, H] each, the weights from state to gates
// [4H, H], and the gradient of the states, [T, B, H]. Gates stand in PyTorch's order.
enum Input { kInputGate, kCell, kForgetGate, kOutputGate, kNewCell, kNewState, kWeight, kGradient, kThreads, kInputs };

constexpr int64_t kWidth = 16;  // columns of a panel
constexpr int64_t kRows = 4;    // rows that share what is read of it
constexpr int64_t kProductsPerThread = 1 << 22;  // below, starting a thread costs more than it gains

// Columns of a matrix [depth, columns], kWidth side by side, behind each other; filled up with 0.
std::vector<float> panels(const float* matrix, int64_t depth, int64_t columns) {
  const int64_t count = (columns + kWidth - 1) / kWidth;
  std::vector<float> packed(count * depth * kWidth);
  for (int64_t panel = 0; panel < count; panel++) {
    const int64_t from = panel * kWidth, width = std::min(kWidth, columns - from);
    for (int64_t row = 0; row < depth; row++)
      memcpy(&packed[(panel * depth + row) * kWidth], matrix + row * columns + from, width * sizeof(float));
  }
  return packed;
}

#ifdef __clang__
#pragma clang fp contract(fast)
#else
#pragma GCC optimize("fp-contract=fast")
#endif

// [rows, depth] · a panel → [rows, kWidth], by vectors of `lanes` numbers.
template <int lanes, int rows>
inline __attribute__((always_inline)) void product(const float* left, const float* panel, int64_t depth, float* out) {
  typedef float Vector __attribute__((vector_size(lanes * sizeof(float)), aligned(sizeof(float))));
  constexpr int vectors = kWidth / lanes;
  Vector sums[rows][vectors] = {};
  for (int64_t k = 0; k < depth; k++)
    for (int r = 0; r < rows; r++)
      for (int v = 0; v < vectors; v++)
        sums[r][v] += left[r * depth + k] * *reinterpret_cast<const Vector*>(panel + k * kWidth + v * lanes);
  memcpy(out, sums, sizeof sums);
}

// As many rows as there are; the last ones one by one.
template <int lanes>
inline __attribute__((always_inline)) void products(const float* left, const float* panel, int64_t rows, int64_t depth,
                                                    float* out) {
  int64_t row = 0;
  for (; row + kRows <= rows; row += kRows)
    product<lanes, kRows>(left + row * depth, panel, depth, out + row * kWidth);
  for (; row < rows; row++) product<lanes, 1>(left + row * depth, panel, depth, out + row * kWidth);
}

using Products = void (*)(const float*, const float*, int64_t, int64_t, float*);

#ifdef __x86_64__
__attribute__((target("avx512f"))) void products_of_16(const float* left, const float* panel, int64_t rows,
                                                       int64_t depth, float* out) {
  products<16>(left, panel, rows, depth, out);
}
__attribute__((target("avx2,fma"))) void products_of_8(const float* left, const float* panel, int64_t rows,
                                                       int64_t depth, float* out) {
  products<8>(left, panel, rows, depth, out);
}
#endif

void products_of_4(const float* left, const float* panel, int64_t rows, int64_t depth, float* out) {
  products<4>(left, panel, rows, depth, out);
}

Products fastest() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f")) return products_of_16;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return products_of_8;
#endif
  return products_of_4;
}

struct Sizes {
  int64_t steps, batch, hidden;
};

// Some rows of the batch, from the last step to the first: gates [T, B, 4H].
void backward(const own_op::Inputs<kInputs>& inputs, const std::vector<float>& weight, Sizes sizes, int64_t first,
              int64_t rows, float* gates) {
  const Products products = fastest();
  const auto [steps, batch, hidden] = sizes;
  // gradients of cell and state that come from the step after
  std::vector<float> of_cell(rows * hidden), of_state(rows * hidden), made(rows * kWidth);
  for (int64_t step = steps - 1; step >= 0; step--) {
    float* const step_gates = gates + (step * batch + first) * 4 * hidden;
    for (int64_t row = 0; row < rows; row++) {
      const int64_t at = (step * batch + first + row) * hidden;
      auto of = [&](Input i) { return inputs.floats(i) + at; };
      const float *i = of(kInputGate), *f = of(kForgetGate), *o = of(kOutputGate), *g = of(kNewCell),
                  *tanh_cell = of(kNewState), *gradient = of(kGradient);
      const float* before = step > 0 ? of(kCell) - batch * hidden : nullptr;
      float* __restrict out = step_gates + row * 4 * hidden;
      float* __restrict cell = &of_cell[row * hidden];
      const float* state = &of_state[row * hidden];
      for (int64_t h = 0; h < hidden; h++) {
        const float ds = gradient[h] + state[h];
        const float dc = cell[h] + ds * o[h] * (1 - tanh_cell[h] * tanh_cell[h]);
        out[h] = dc * g[h] * i[h] * (1 - i[h]);
        out[hidden + h] = before ? dc * before[h] * f[h] * (1 - f[h]) : 0;
        out[2 * hidden + h] = dc * i[h] * (1 - g[h] * g[h]);
        out[3 * hidden + h] = ds * tanh_cell[h] * o[h] * (1 - o[h]);
        cell[h] = dc * f[h];
      }
    }
    if (step == 0) break;
    for (int64_t from = 0; from < hidden; from += kWidth) {
      products(step_gates, &weight[from * 4 * hidden], rows, 4 * hidden, made.data());
      const int64_t width = std::min(kWidth, hidden - from);
      for (int64_t row = 0; row < rows; row++)
        memcpy(&of_state[row * hidden + from], &made[row * kWidth], width * sizeof(float));
    }
  }
}

void compute(TF_OpKernelContext* context, TF_Status* status) {
  const own_op::Inputs<kInputs> inputs(context, status);
  if (TF_GetCode(status) != TF_OK) return;
  const TF_Tensor* states = inputs.tensors[kGradient];
  if (TF_NumDims(states) != 3) return TF_SetStatus(status, TF_INVALID_ARGUMENT, "states are [time, batch, hidden]");
  const Sizes sizes = {TF_Dim(states, 0), TF_Dim(states, 1), TF_Dim(states, 2)};
  const auto [steps, batch, hidden] = sizes;
  for (int i = 0; i < kThreads; i++)
    if (inputs.size(i) != (i == kWeight ? 4 * hidden * hidden : inputs.size(kGradient)))
      return TF_SetStatus(status, TF_INVALID_ARGUMENT, "the parts of an LSTM's steps differ in size");
  const int64_t shape[] = {steps, batch, 4 * hidden};
  TF_Tensor* out = TF_AllocateOutput(context, 0, TF_FLOAT, shape, 3, steps * batch * 4 * hidden * sizeof(float), status);
  if (TF_GetCode(status) != TF_OK) return;
  float* const gates = static_cast<float*>(TF_TensorData(out));
  const std::vector<float> weight = panels(inputs.floats(kWeight), 4 * hidden, hidden);
  const int64_t groups = (batch + kRows - 1) / kRows, work = steps * batch * 4 * hidden * hidden;
  const int64_t parts =
    std::max<int64_t>(1, std::min({int64_t{inputs.integer(kThreads)}, groups, work / kProductsPerThread}));
  own_op::side_by_side(parts, [&](int64_t p) {
    const int64_t from = groups * p / parts * kRows, to = std::min(batch, groups * (p + 1) / parts * kRows);
    backward(inputs, weight, sizes, from, to - from, gates);
  });
  TF_DeleteTensor(out);
}

const bool added = own_op::add<compute>(
  "KomalabLstmGradient",
  {"input_gate: float", "cell: float", "forget_gate: float", "output_gate: float", "new_cell: float",
   "new_state: float", "weight: float", "gradient: float", "threads: int32"},
  {"gates: float"}, TF_ShapeInferenceContextSetUnknownShape);

}  // namespace
