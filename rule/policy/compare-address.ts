import { BlockList, isIP } from 'node:net';
import { ofOnlyText, unreadableValue, type Comparison } from './comparison.ts';

/** Compares addresses with an address or a CIDR range, of IPv4 or IPv6. */
export function compareAddress(wanted: string): Comparison {
  const [, base = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(wanted) ?? [];
  const version = isIP(base);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : Number(length);
  if (version === 0 || prefix > bits) return unreadableValue;
  const range = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  range.addSubnet(base, prefix, family);
  return ofOnlyText((value) => {
    // AWS does not document whether an IPv6 address that stands for an IPv4 address matches a range of IPv4.
    if (isIP(value) === 0 || /%|^::ffff:/i.test(value)) return 'unsure';
    return isIP(value) === version && range.check(value, family);
  });
}
