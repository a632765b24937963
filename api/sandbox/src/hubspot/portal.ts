import { Associations } from './associations.ts';
import { type ObjectTypeDefinition, objectTypes } from './object-types.ts';
import { ObjectStore } from './object-store.ts';
import type { PortalData } from './portal-data.ts';
import { SearchIndex } from './search-index.ts';
import type { ChangeSource, CrmObject, ObjectType, PortalEvent, PropertyValues } from './types.ts';

export interface PortalOptions {
  readonly data: PortalData;
  readonly now: () => Date;
  /** Called inside the request that made the change, so it must not wait. */
  readonly onEvent: (event: PortalEvent) => void;
}

export interface ObjectTypeRoom {
  readonly definition: ObjectTypeDefinition;
  readonly store: ObjectStore;
  readonly index: SearchIndex;
}

/** One HubSpot account: its records, how they belong together, and everything that can happen to them. */
export class Portal {
  readonly associations = new Associations();
  readonly #rooms: Readonly<Record<ObjectType, ObjectTypeRoom>>;
  readonly #options: PortalOptions;
  #nextId = 30_000_000_001;

  constructor(options: PortalOptions) {
    this.#options = options;
    const { data, now } = options;
    const room = (type: ObjectType): ObjectTypeRoom => {
      const store = new ObjectStore();
      store.load(data[type]);
      return { definition: objectTypes[type], store, index: new SearchIndex({ now, objects: data[type] }) };
    };
    this.#rooms = { contacts: room('contacts'), companies: room('companies') };
    for (const [contactId, companyId] of data.links) this.associations.link(contactId, companyId);
  }

  room(type: ObjectType): ObjectTypeRoom {
    return this.#rooms[type];
  }

  now(): Date {
    return this.#options.now();
  }

  create(type: ObjectType, values: PropertyValues, source: ChangeSource): CrmObject {
    const at = this.now().toISOString();
    const object = { id: this.#newId(), values, createdAt: at, updatedAt: at, archivedAt: null, mergedIds: [] };
    this.#keep(type, object);
    this.#tell(type, 'creation', source, { objectId: Number(object.id) });
    return object;
  }

  /** Tells of each property that has another value now. */
  update(type: ObjectType, object: CrmObject, values: PropertyValues, source: ChangeSource, at: Date = this.now()): CrmObject {
    const updated = { ...object, values: { ...object.values, ...values }, updatedAt: at.toISOString() };
    this.#keep(type, updated);
    for (const [propertyName, value] of Object.entries(values)) {
      if (value === (object.values[propertyName] ?? null)) continue;
      const details = { objectId: Number(object.id), propertyName, propertyValue: value ?? '' };
      this.#tell(type, 'propertyChange', source, details, propertyName);
    }
    return updated;
  }

  /** The first `count` live records get another phone number, all in the same millisecond. */
  massUpdate(type: ObjectType, count: number): number {
    const at = this.now();
    const phone = `+1 555 ${String(at.getTime()).slice(-7)}`;
    const objects = this.room(type).store.after(undefined, { limit: count, archived: false });
    for (const object of objects) this.update(type, object, { phone }, 'CRM_UI', at);
    return objects.length;
  }

  archive(type: ObjectType, object: CrmObject, source: ChangeSource): void {
    const at = this.now().toISOString();
    this.#keep(type, { ...object, archivedAt: at, updatedAt: at });
    this.#tell(type, 'deletion', source, { objectId: Number(object.id) });
  }

  restore(type: ObjectType, object: CrmObject, source: ChangeSource): void {
    this.#keep(type, { ...object, archivedAt: null, updatedAt: this.now().toISOString() });
    this.#tell(type, 'restore', source, { objectId: Number(object.id) });
  }

  /** No trace stays: neither in the archive nor in search. The event says that the contact is to be forgotten everywhere. */
  eraseContact(contact: CrmObject, source: ChangeSource): void {
    for (const { companyId } of this.associations.linksOf(contact.id)) this.associations.unlink(contact.id, companyId);
    this.#rooms.contacts.store.remove(contact.id);
    this.#rooms.contacts.index.change((known) => known.remove(contact.id));
    this.#tell('contacts', 'privacyDeletion', source, { objectId: Number(contact.id) });
    this.#tell('contacts', 'deletion', source, { objectId: Number(contact.id) });
  }

  /**
   * The primary record's values win. A merged contact keeps the primary's id, a merged company is a new record;
   * the old ids lead to the survivor. https://knowledge.hubspot.com/records/merge-records
   */
  merge(type: ObjectType, primary: CrmObject, secondary: CrmObject, source: ChangeSource): CrmObject {
    const id = type === 'contacts' ? primary.id : this.#newId();
    const losers = [primary.id, secondary.id].filter((loser) => loser !== id);
    const moved = Object.entries(secondary.values).filter(([name, value]) => value !== null && (primary.values[name] ?? null) === null);
    const mergedIds = [...new Set([...primary.mergedIds, ...secondary.mergedIds, ...losers])];
    const survivor = {
      ...primary,
      id,
      values: { ...primary.values, ...Object.fromEntries(moved) },
      updatedAt: this.now().toISOString(),
      mergedIds,
    };
    this.#keep(type, survivor);
    for (const loser of losers) {
      if (type === 'contacts') this.associations.moveContact(loser, id);
      else this.associations.moveCompany(loser, id);
      this.#rooms[type].store.redirect(loser, id);
      this.#rooms[type].index.change((known) => known.remove(loser));
    }
    this.#tell(type, 'merge', source, {
      objectId: Number(id),
      primaryObjectId: Number(primary.id),
      mergedObjectIds: losers.map(Number),
      newObjectId: Number(id),
      numberOfPropertiesMoved: moved.length,
    });
    return survivor;
  }

  /** It is no modification of either record: only this event tells. */
  changeAssociation(contactId: string, companyId: string, { isRemoval, source }: { isRemoval: boolean; source: ChangeSource }): void {
    const link = isRemoval ? this.associations.unlink(contactId, companyId) : this.associations.link(contactId, companyId);
    if (!link) return;
    const told = (type: ObjectType, associationType: string, from: string, to: string): void =>
      this.#tell(type, 'associationChange', source, {
        associationType,
        fromObjectId: Number(from),
        toObjectId: Number(to),
        associationRemoved: isRemoval,
        isPrimaryAssociation: link.isPrimary,
      });
    told('contacts', 'CONTACT_TO_COMPANY', contactId, companyId);
    told('companies', 'COMPANY_TO_CONTACT', companyId, contactId);
  }

  #newId(): string {
    this.#nextId += 1;
    return String(this.#nextId);
  }

  #keep(type: ObjectType, object: CrmObject): void {
    this.#rooms[type].store.put(object);
    this.#rooms[type].index.change((known) => known.put(object));
  }

  #tell(type: ObjectType, what: string, changeSource: ChangeSource, details: PortalEvent['details'], propertyName?: string): void {
    this.#options.onEvent({
      subscriptionType: `${objectTypes[type].singular}.${what}`,
      occurredAtMs: this.now().getTime(),
      changeSource,
      details,
      ...(propertyName === undefined ? {} : { propertyName }),
    });
  }
}
