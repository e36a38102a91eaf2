/**
 * To be imported before TensorFlow: sums have equal bits only on one thread, and golden numbers are the
 * processor's, not those of a GPU.
 */
process.env.TF_NUM_INTRAOP_THREADS = "1";
process.env.TF_NUM_INTEROP_THREADS = "1";
process.env.CUDA_VISIBLE_DEVICES = "-1";
