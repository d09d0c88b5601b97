/** Where the data saver of an account is kept on the device. */
export function saverKey(account: string): string {
  return `genba.saver.${account}`;
}
