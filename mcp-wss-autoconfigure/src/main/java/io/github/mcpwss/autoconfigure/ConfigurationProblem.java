package io.github.mcpwss.autoconfigure;

/**
 * Something in the configuration that keeps the application from starting.
 *
 * @param description what is wrong, naming the properties
 * @param action what to do about it
 */
record ConfigurationProblem(String description, String action) {

}
