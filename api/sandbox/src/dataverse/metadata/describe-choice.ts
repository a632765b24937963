/** The options of a choice, a column's own or one that columns share (create-update-optionsets.md). */
import type { ChoiceDefinition, ChoiceOption, StatusOption } from '../tables/definition.ts';
import { describeDescription, describeLabel, managed, type MetadataObject } from './describe-parts.ts';
import { choiceId } from './metadata-id.ts';

export function describeOption(option: ChoiceOption | StatusOption, isManaged: boolean, id: string): MetadataObject {
  const { value, label, translations } = option;
  return {
    Value: value,
    ...('state' in option ? { State: option.state, TransitionData: null } : {}),
    Label: describeLabel({ text: label, translations, isManaged }, `${id}.${value}`),
    Description: describeDescription(undefined, isManaged, id),
    Color: null,
    IsManaged: isManaged,
    MetadataId: null,
    HasChanged: null,
  };
}

/** As GlobalOptionSetDefinitions gives it, and as a column bound to it does when GlobalOptionSet is expanded. */
export function describeChoice(choice: ChoiceDefinition): MetadataObject {
  const id = choiceId(choice.name);
  return {
    MetadataId: id,
    HasChanged: null,
    Name: choice.name,
    IsGlobal: true,
    IsManaged: false,
    IsCustomOptionSet: true,
    IsCustomizable: managed(true, 'iscustomizable'),
    OptionSetType: 'Picklist',
    DisplayName: describeLabel({ text: choice.displayName, translations: choice.translations, isManaged: false }, `${id}.name`),
    Description: describeDescription(choice.description, false, `${id}.description`),
    Options: choice.options.map((option) => describeOption(option, false, id)),
  };
}
