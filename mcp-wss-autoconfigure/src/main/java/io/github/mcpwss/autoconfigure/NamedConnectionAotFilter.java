package io.github.mcpwss.autoconfigure;

import org.springframework.beans.factory.aot.BeanRegistrationExcludeFilter;
import org.springframework.beans.factory.support.RegisteredBean;

/**
 * Leaves the beans of named connections out of what is generated at build time, since
 * which there are is known when the application starts.
 */
final class NamedConnectionAotFilter implements BeanRegistrationExcludeFilter {

	@Override
	public boolean isExcludedFromAotProcessing(RegisteredBean registeredBean) {
		return registeredBean.getMergedBeanDefinition().hasAttribute(NamedConnectionBeans.ATTRIBUTE);
	}

}
