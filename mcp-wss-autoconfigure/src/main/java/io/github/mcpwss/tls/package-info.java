/**
 * What a certificate, a private key and a trust decision are.
 */
@NullMarked
package io.github.mcpwss.tls;

import org.jspecify.annotations.NullMarked;
