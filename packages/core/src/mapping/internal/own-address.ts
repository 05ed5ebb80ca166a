export { isOwnAddress } from '../../client/own-address.ts';
