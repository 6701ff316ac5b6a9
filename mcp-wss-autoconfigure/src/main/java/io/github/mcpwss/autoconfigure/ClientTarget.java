package io.github.mcpwss.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * What a client really connects to.
 *
 * @param endpoint the properties, with the URL of the connection details in place of
 * their own where there are such details
 * @param sslBundle the SSL bundle of the connection details, {@code null} for the one
 * that the properties ask for
 */
record ClientTarget(EndpointProperties endpoint, @Nullable SslBundle sslBundle) {

}
