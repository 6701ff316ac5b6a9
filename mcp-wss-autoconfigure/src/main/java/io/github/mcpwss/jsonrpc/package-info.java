/**
 * Bytes to JSON-RPC messages and back, and the errors that JSON-RPC names.
 */
@NullMarked
package io.github.mcpwss.jsonrpc;

import org.jspecify.annotations.NullMarked;
