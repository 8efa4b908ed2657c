package io.wasmrunner.proxy.policy;

/**
 * What a schema says about arrays.
 *
 * @param items rules of the elements
 * @param fewest elements at least
 * @param most elements at most
 */
record QuickArray(QuickSchema items, int fewest, int most) {}
