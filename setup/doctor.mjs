// @ts-check
/** @param {readonly string[]} args @returns {Promise<number>} */
export async function doctor(args) {
  return args.length;
}
