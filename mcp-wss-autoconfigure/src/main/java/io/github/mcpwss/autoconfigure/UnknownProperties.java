package io.github.mcpwss.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.StringUtils;

/**
 * Refuses names below {@code mcp.websocket} that are not properties, so that a misspelled
 * one does not pass in silence. Unlike with {@code ignoreUnknownFields}, environment
 * variables are looked at too, and values, which may be secret, are not told: it has to
 * run before anything is bound.
 */
final class UnknownProperties implements BeanFactoryPostProcessor {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(McpWebSocketProperties.PREFIX);

	private static final ConfigurationPropertyName CONNECTIONS = PREFIX.append("connections");

	private static final Pattern LIST = Pattern.compile(
			"(allowedorigins|allowedhosts|productionprofiles|proxynonproxyhosts|tlspinnedkeys|tlsenabledprotocols|tlsciphers)\\d*");

	private static final String HEADERS = "headers";

	/**
	 * What Kubernetes puts in the environment for a service named mcp-websocket.
	 */
	private static final Set<String> SERVICE_LINKS = Set.of("port", "service");

	private final Map<String, String> known = new TreeMap<>();

	private final Map<String, String> knownOfConnection = new TreeMap<>();

	private final Environment environment;

	UnknownProperties(Environment environment) {
		this.environment = environment;
		McpWebSocketProperties empty = new Binder(List.of()).bindOrCreate(McpWebSocketProperties.PREFIX,
				McpWebSocketProperties.class);
		empty.values().keySet().forEach((name) -> this.known.put(uniform(name), name));
		this.known.put("enabled", "enabled");
		empty.asConnection().values().keySet().forEach((name) -> this.knownOfConnection.put(uniform(name), name));
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		List<ConfigurationProblem> problems = find();
		if (!problems.isEmpty()) {
			throw new McpWebSocketConfigurationException(problems);
		}
	}

	List<ConfigurationProblem> find() {
		Map<String, ConfigurationProblem> problems = new TreeMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				boolean variables = source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource;
				iterable.stream().filter((name) -> isUnknown(name, variables)).forEach((name) -> {
					ConfigurationProperty property = source.getConfigurationProperty(name);
					if (property != null && StringUtils.hasText(String.valueOf(property.getValue()))) {
						problems.putIfAbsent(name.toString(), problem(name, property));
					}
				});
			}
		}
		return new ArrayList<>(problems.values());
	}

	private boolean isUnknown(ConfigurationPropertyName name, boolean variable) {
		if (!PREFIX.isAncestorOf(name) || (variable && SERVICE_LINKS.contains(element(name, PREFIX)))) {
			return false;
		}
		ConfigurationPropertyName section = section(name);
		if (element(name, section).equals(HEADERS)) {
			return name.getNumberOfElements() == section.getNumberOfElements() + 1;
		}
		String below = uniform(below(section, name));
		return !LIST.matcher(below).matches() && !known(section).containsKey(below);
	}

	private static ConfigurationPropertyName section(ConfigurationPropertyName name) {
		return (CONNECTIONS.isAncestorOf(name) && name.getNumberOfElements() > CONNECTIONS.getNumberOfElements() + 1)
				? name.chop(CONNECTIONS.getNumberOfElements() + 1) : PREFIX;
	}

	private Map<String, String> known(ConfigurationPropertyName section) {
		return section.equals(PREFIX) ? this.known : this.knownOfConnection;
	}

	private static String element(ConfigurationPropertyName name, ConfigurationPropertyName parent) {
		return name.getElement(parent.getNumberOfElements(), Form.UNIFORM);
	}

	private static String below(ConfigurationPropertyName section, ConfigurationPropertyName name) {
		return name.subName(section.getNumberOfElements()).toString();
	}

	private static String uniform(String name) {
		return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
	}

	private ConfigurationProblem problem(ConfigurationPropertyName name, ConfigurationProperty property) {
		ConfigurationPropertyName section = section(name);
		String suggestion = closest(uniform(below(section, name)), known(section));
		return new ConfigurationProblem(
				"There is no property '%s'%s.".formatted(name,
						(property.getOrigin() != null) ? " (set in %s)".formatted(property.getOrigin()) : ""),
				(suggestion != null)
						? "Write '%s.%s' if that is meant, or remove '%s'.".formatted(section, suggestion, name)
						: "Remove '%s' or correct its name.".formatted(name));
	}

	private @Nullable String closest(String uniform, Map<String, String> known) {
		return known.entrySet()
			.stream()
			.filter((candidate) -> distance(candidate.getKey(), uniform) <= 3)
			.min(Comparator.comparingInt((candidate) -> distance(candidate.getKey(), uniform)))
			.map(Map.Entry::getValue)
			.orElse(null);
	}

	private static int distance(String left, String right) {
		int[] previous = new int[right.length() + 1];
		for (int j = 0; j <= right.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int[] current = new int[right.length() + 1];
			current[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int substituted = previous[j - 1] + ((left.charAt(i - 1) != right.charAt(j - 1)) ? 1 : 0);
				current[j] = Math.min(substituted, 1 + Math.min(previous[j], current[j - 1]));
			}
			previous = current;
		}
		return previous[right.length()];
	}

}
