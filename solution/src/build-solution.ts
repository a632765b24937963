import { strToU8, type Zippable, zipSync } from 'fflate';
import type { BuiltControl } from './built-control.ts';
import { contentTypesXml } from './content-types.ts';
import { customizationsXml } from './customizations.ts';
import { environmentVariables } from './definition/environment-variables.ts';
import { solution } from './definition/publisher.ts';
import { environmentVariableXml } from './environment-variable-xml.ts';
import { webResources } from './definition/web-resources.ts';
import { SolutionProblem } from './problem.ts';
import { solutionXml } from './solution-manifest.ts';
import { solutionVersion } from './version.ts';
import { webResourcePath, webResourceScript } from './web-resource-files.ts';

export interface SolutionOptions {
  readonly control: BuiltControl;
  /** Three numbers, as in package.json. */
  readonly packageVersion: string;
  readonly isManaged: boolean;
}

export interface SolutionFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The oldest that a zip can say, in local time as the format has it: the same bytes in every time zone and year. */
const fileTime = new Date(1980, 0, 1);

/**
 * A solution's .zip, the same bytes for the same input. Managed and unmanaged differ in one character, as Microsoft's own exports
 * do when they hold no forms or ribbons of system tables.
 */
export const buildSolution = ({ control, packageVersion, isManaged }: SolutionOptions): SolutionFile => {
  const version = solutionVersion(packageVersion);
  if (control.version !== packageVersion) {
    // An environment keeps the control that it has until it meets a higher version.
    throw new SolutionProblem(`The control has version ${control.version} and the package ${packageVersion}. Give both the same.`);
  }
  const parts = new Map<string, Uint8Array>([
    ...[...control.files].map(([path, bytes]) => [`Controls/${control.name}/${path}`, bytes] as const),
    ...webResources.map((resource) => [webResourcePath(resource), strToU8(webResourceScript(resource))] as const),
    ...environmentVariables.map(
      (variable) =>
        [
          `environmentvariabledefinitions/${variable.schemaName}/environmentvariabledefinition.xml`,
          strToU8(environmentVariableXml(variable)),
        ] as const,
    ),
  ]);
  const entries: Zippable = {
    'customizations.xml': strToU8(customizationsXml(control.name)),
    '[Content_Types].xml': strToU8(contentTypesXml(['customizations.xml', 'solution.xml', ...parts.keys()])),
    'solution.xml': strToU8(solutionXml({ controlName: control.name, version, isManaged })),
    ...Object.fromEntries(parts),
  };
  return {
    name: `${solution.uniqueName}_${packageVersion}_${isManaged ? 'managed' : 'unmanaged'}.zip`,
    bytes: zipSync(entries, { level: 9, mtime: fileTime }),
  };
};
