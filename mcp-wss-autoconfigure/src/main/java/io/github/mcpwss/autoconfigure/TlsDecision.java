package io.github.mcpwss.autoconfigure;

/**
 * Marks what is to be decided at startup even where beans are made when they are needed,
 * so that a certificate that cannot be used is found then.
 */
interface TlsDecision {

}
