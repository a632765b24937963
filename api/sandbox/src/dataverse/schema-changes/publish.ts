/**
 * PublishXml and PublishAllXml. Here every change of a definition takes effect at once, so that publishing only has to be asked for rightly:
 * in the real one it brings changed labels and forms to the apps.
 */
import type { ApiRequest, ApiResponse, Session } from '../web-api/messages.ts';
import { noContent } from '../web-api/messages.ts';
import { parseJsonObject } from '../web-api/json-body.ts';
import { requireCustomizer } from '../security/caller.ts';
import { componentNotFound, invalidArgument } from './refusals.ts';

export function publishAll(session: Session): ApiResponse {
  requireCustomizer(session.caller, 'prvPublishCustomization');
  return noContent();
}

/** `{"ParameterXml":"<importexportxml><entities><entity>contact</entity></entities></importexportxml>"}` */
export function publishSome(session: Session, request: ApiRequest): ApiResponse {
  requireCustomizer(session.caller, 'prvPublishCustomization');
  const xml = parseJsonObject(request.body, 'PublishXml').ParameterXml;
  const isWhole = typeof xml === 'string' && /^\s*<importexportxml[^>]*>.*<\/importexportxml>\s*$/s.test(xml);
  if (!isWhole) throw invalidArgument("'ParameterXml' must be an importexportxml element with what is to be published.");
  for (const [, name = ''] of xml.matchAll(/<entity>\s*([^<]*?)\s*<\/entity>/g)) {
    if (session.environment.model.byLogicalName(name) === undefined) throw componentNotFound('an entity', name);
  }
  return noContent();
}
