/**
 * The shapes of the API, once: routes validate and serialise with them, OpenAPI is made from them, and the client's types from that.
 * An unknown value is an absent property, never null: OpenAPI 2.0 (Power Platform custom connectors) has no null.
 * Here they are together for what needs every one of them; whoever needs one takes it from the file of its topic.
 */
export * from './adoption.ts';
export * from './dataverse-use.ts';
export * from './deliveries.ts';
export * from './failures.ts';
export * from './problem.ts';
export * from './records.ts';
export * from './removals.ts';
export * from './runs.ts';
export * from './setup.ts';
export * from './sign-in.ts';
export * from './sources.ts';
