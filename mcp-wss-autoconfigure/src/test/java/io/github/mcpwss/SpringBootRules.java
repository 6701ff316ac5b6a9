package io.github.mcpwss;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.elements.GivenMethodsConjunction;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.core.env.Environment;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

/**
 * Rules that Spring Boot holds its own auto-configuration to.
 */
final class SpringBootRules {

	@ArchTest
	static final ArchRule autoConfigurationsAreFinal = classes().that()
		.areAnnotatedWith(AutoConfiguration.class)
		.should()
		.bePublic()
		.andShould()
		.haveModifier(JavaModifier.FINAL);

	@ArchTest
	static final ArchRule autoConfigurationsHaveNoPublicMembers = members().that()
		.areDeclaredInClassesThat()
		.areAnnotatedWith(AutoConfiguration.class)
		.and(areNotDefaultConstructors())
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule conditionsAreNotPublic = classes().that()
		.areAssignableTo(Condition.class)
		.should()
		.notBePublic();

	@ArchTest
	static final ArchRule beanMethodsAreNotConditionalOnClass = beanMethods().should()
		.notBeAnnotatedWith(ConditionalOnClass.class)
		.because("the signature of the method is loaded before the condition is asked");

	@ArchTest
	static final ArchRule beanPostProcessorsAreStaticAndLazy = beanMethodsOf(BeanPostProcessor.class).should()
		.beStatic()
		.andShould(injectOnly(ObjectProvider.class, ApplicationContext.class, Environment.class));

	@ArchTest
	static final ArchRule beanFactoryPostProcessorsAreStaticAndLazy = beanMethodsOf(BeanFactoryPostProcessor.class)
		.should()
		.beStatic()
		.andShould(injectOnly(Environment.class));

	@ArchTest
	static final ArchRule conditionalOnMissingBeanAddsToTheReturnType = methods().that()
		.areAnnotatedWith(Bean.class)
		.and()
		.areAnnotatedWith(ConditionalOnMissingBean.class)
		.should(satisfy("not repeat the return type in @ConditionalOnMissingBean",
				(method) -> !repeatsReturnType(method)));

	@ArchTest
	static final ArchRule configurationPropertiesTakeTheirPrefixAsValue = classes().that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should(satisfy("not spell out prefix= in @ConfigurationProperties",
				(type) -> !type.getAnnotationOfType(ConfigurationProperties.class.getName())
					.hasExplicitlyDeclaredProperty("prefix")));

	@ArchTest
	static final ArchRule configurationPropertiesMethodsTakeTheirPrefixAsValue = methods().that()
		.areAnnotatedWith(ConfigurationProperties.class)
		.should(satisfy("not spell out prefix= in @ConfigurationProperties",
				(method) -> !method.getAnnotationOfType(ConfigurationProperties.class.getName())
					.hasExplicitlyDeclaredProperty("prefix")));

	@ArchTest
	static final ArchRule caseIsChangedWithALocale = noClasses().should()
		.callMethod(String.class, "toLowerCase")
		.orShould()
		.callMethod(String.class, "toUpperCase");

	private SpringBootRules() {
	}

	private static GivenMethodsConjunction beanMethods() {
		return methods().that().areAnnotatedWith(Bean.class);
	}

	private static GivenMethodsConjunction beanMethodsOf(Class<?> type) {
		return beanMethods().and().haveRawReturnType(JavaClass.Predicates.assignableTo(type));
	}

	private static DescribedPredicate<JavaMember> areNotDefaultConstructors() {
		return DescribedPredicate.describe("are not default constructors",
				(member) -> !(member instanceof JavaConstructor constructor && constructor.getParameters().isEmpty()));
	}

	private static ArchCondition<JavaMethod> injectOnly(Class<?>... types) {
		return satisfy("inject only " + Arrays.toString(types),
				(method) -> method.getRawParameterTypes()
					.stream()
					.allMatch((parameter) -> Stream.of(types).anyMatch(parameter::isEquivalentTo)));
	}

	private static boolean repeatsReturnType(JavaMethod method) {
		JavaAnnotation<JavaMethod> annotation = method.getAnnotationOfType(ConditionalOnMissingBean.class.getName());
		Collection<String> explicit = Stream.of("value", "type", "name", "annotation", "parameterizedContainer")
			.filter(annotation::hasExplicitlyDeclaredProperty)
			.toList();
		return explicit.equals(List.of("value")) && annotation.get("value")
			.map((value) -> List.of((JavaClass[]) value))
			.orElseThrow()
			.equals(List.of(method.getRawReturnType()));
	}

	private static <T> ArchCondition<T> satisfy(String description, Predicate<T> predicate) {
		return new ArchCondition<>(description) {

			@Override
			public void check(T item, ConditionEvents events) {
				if (!predicate.test(item)) {
					events.add(SimpleConditionEvent.violated(item, item + " does not " + description));
				}
			}

		};
	}

}
