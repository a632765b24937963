/** Enough to recognise an address that one knows, too little to write to it: `j…@contoso.com`. */
export const maskEmail = (email: string): string => {
  const at = email.lastIndexOf('@');
  const [first = ''] = email;
  return at < 1 ? '…' : `${first}…${email.slice(at)}`;
};
