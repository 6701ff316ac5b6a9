package io.github.mcpwss;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Which package may use which.
 */
@AnalyzeClasses(packages = "io.github.mcpwss", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String ROOT = "io.github.mcpwss.";

	@ArchTest
	static final ArchRule arrowsGoOneWay = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.optionalLayer("tls")
		.definedBy(ROOT + "tls..")
		.optionalLayer("jsonrpc")
		.definedBy(ROOT + "jsonrpc..")
		.optionalLayer("client")
		.definedBy(ROOT + "client..")
		.optionalLayer("server")
		.definedBy(ROOT + "server")
		.optionalLayer("server.servlet")
		.definedBy(ROOT + "server.servlet..")
		.optionalLayer("server.reactive")
		.definedBy(ROOT + "server.reactive..")
		.optionalLayer("autoconfigure")
		.definedBy(ROOT + "autoconfigure..")
		.optionalLayer("actuate")
		.definedBy(ROOT + "actuate..")
		.whereLayer("tls")
		.mayNotAccessAnyLayer()
		.whereLayer("jsonrpc")
		.mayNotAccessAnyLayer()
		.whereLayer("client")
		.mayOnlyAccessLayers("jsonrpc", "tls")
		.whereLayer("server")
		.mayOnlyAccessLayers("jsonrpc", "tls")
		.whereLayer("server.servlet")
		.mayOnlyAccessLayers("server", "jsonrpc", "tls")
		.whereLayer("server.reactive")
		.mayOnlyAccessLayers("server", "jsonrpc", "tls")
		.whereLayer("autoconfigure")
		.mayOnlyAccessLayers("client", "server", "server.servlet", "server.reactive", "jsonrpc", "tls")
		.whereLayer("actuate")
		.mayOnlyAccessLayers("client", "server", "server.servlet", "server.reactive", "jsonrpc", "tls");

	@ArchTest
	static final ArchRule everyClassHasARoom = classes().should()
		.resideInAnyPackage(ROOT + "tls..", ROOT + "jsonrpc..", ROOT + "client..", ROOT + "server",
				ROOT + "server.servlet..", ROOT + "server.reactive..", ROOT + "autoconfigure..", ROOT + "actuate..")
		.allowEmptyShould(false);

	@ArchTest
	static final ArchRule packagesAreFreeOfCycles = slices().matching(ROOT + "(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule packagesAreNullMarked = classes().should(resideInNullMarkedPackage());

	@ArchTest
	static final ArchRule tlsKnowsNoAutoConfiguration = noClasses().that()
		.resideInAPackage(ROOT + "tls..")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.boot.autoconfigure..");

	@ArchTest
	static final ArchRule serverKnowsNoWebStack = noClasses().that()
		.resideInAPackage(ROOT + "server")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("jakarta.servlet..", "jakarta.websocket..", "org.springframework.web..",
				"org.springframework.http..", "reactor.netty..", "io.netty..");

	@ArchTest
	static final ArchRule nothingPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

	@ArchTest
	static final ArchTests springBootRules = ArchTests.in(SpringBootRules.class);

	private static ArchCondition<JavaClass> resideInNullMarkedPackage() {
		return new ArchCondition<>("reside in a package that is @NullMarked") {

			@Override
			public void check(JavaClass item, ConditionEvents events) {
				if (!item.getPackage().isAnnotatedWith(NullMarked.class)) {
					events.add(SimpleConditionEvent.violated(item, item.getPackageName() + " is not @NullMarked"));
				}
			}

		};
	}

}
