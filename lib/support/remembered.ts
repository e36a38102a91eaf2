/** A Map, or a WeakMap, as far as it is asked here. */
interface Known<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
}

/** The value that is known under a key, made on first use. */
export function remembered<K, V>(known: Known<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
