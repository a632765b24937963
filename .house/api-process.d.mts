/** Node arguments: V8 flags and the script, from the root folder of the project. */
export declare const apiArguments: readonly string[];
