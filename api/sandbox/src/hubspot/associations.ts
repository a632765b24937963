/** Which companies a contact belongs to; the first is its primary one, unless none is. */
export interface CompanyLink {
  readonly companyId: string;
  readonly isPrimary: boolean;
}

export class Associations {
  readonly #linksOfContact = new Map<string, readonly CompanyLink[]>();
  readonly #contactsOfCompany = new Map<string, Set<string>>();

  linksOf(contactId: string): readonly CompanyLink[] {
    return this.#linksOfContact.get(contactId) ?? [];
  }

  primaryOf(contactId: string): string | undefined {
    return this.linksOf(contactId).find(({ isPrimary }) => isPrimary)?.companyId;
  }

  contactsOf(companyId: string): readonly string[] {
    return [...(this.#contactsOfCompany.get(companyId) ?? [])];
  }

  /** As the primary company when the contact has none yet. */
  link(contactId: string, companyId: string): CompanyLink {
    const others = this.linksOf(contactId).filter((link) => link.companyId !== companyId);
    const link = { companyId, isPrimary: !others.some(({ isPrimary }) => isPrimary) };
    this.#set(contactId, [...others, link]);
    return link;
  }

  /** The link that was there. The next one does not become primary by itself. */
  unlink(contactId: string, companyId: string): CompanyLink | undefined {
    const links = this.linksOf(contactId);
    this.#set(
      contactId,
      links.filter((link) => link.companyId !== companyId),
    );
    return links.find((link) => link.companyId === companyId);
  }

  moveCompany(fromId: string, toId: string): void {
    for (const contactId of this.contactsOf(fromId)) {
      const links = this.linksOf(contactId).map((link) => (link.companyId === fromId ? { ...link, companyId: toId } : link));
      this.#set(contactId, uniqueByCompany(links));
    }
  }

  moveContact(fromId: string, toId: string): void {
    const links = [...this.linksOf(toId), ...this.linksOf(fromId)];
    this.#set(fromId, []);
    this.#set(toId, uniqueByCompany(onePrimary(links)));
  }

  #set(contactId: string, links: readonly CompanyLink[]): void {
    for (const { companyId } of this.linksOf(contactId)) this.#contactsOfCompany.get(companyId)?.delete(contactId);
    if (links.length === 0) this.#linksOfContact.delete(contactId);
    else this.#linksOfContact.set(contactId, links);
    for (const { companyId } of links) {
      const contacts = this.#contactsOfCompany.get(companyId) ?? new Set();
      this.#contactsOfCompany.set(companyId, contacts.add(contactId));
    }
  }
}

const uniqueByCompany = (links: readonly CompanyLink[]): readonly CompanyLink[] => {
  const byCompany = new Map<string, CompanyLink>();
  for (const link of links) {
    const isPrimary = link.isPrimary || byCompany.get(link.companyId)?.isPrimary === true;
    byCompany.set(link.companyId, { companyId: link.companyId, isPrimary });
  }
  return [...byCompany.values()];
};

const onePrimary = (links: readonly CompanyLink[]): readonly CompanyLink[] => {
  const first = links.findIndex(({ isPrimary }) => isPrimary);
  return links.map((link, index) => ({ ...link, isPrimary: index === first }));
};
