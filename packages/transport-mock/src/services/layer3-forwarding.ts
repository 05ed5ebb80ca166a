import { getDefaultConnectionService, setDefaultConnectionService } from '../actions/layer3-forwarding.ts';
import { LAYER3_FORWARDING_ERRORS } from './error-names.ts';
import { defineService, DIALECT_2001 } from './service-definition.ts';
import type { ServiceDefinition } from '../gateway/model.ts';

/** November 12, 2001; part of IGD:2 unchanged. */
export const LAYER3_FORWARDING: ServiceDefinition = defineService({
  type: 'urn:schemas-upnp-org:service:Layer3Forwarding',
  version: 1,
  dialect: DIALECT_2001,
  errors: LAYER3_FORWARDING_ERRORS,
  variables: [{ name: 'DefaultConnectionService', type: 'string', evented: true }],
  actions: [
    {
      name: 'SetDefaultConnectionService',
      in: [['NewDefaultConnectionService', 'DefaultConnectionService']],
      handle: setDefaultConnectionService,
    },
    {
      name: 'GetDefaultConnectionService',
      out: [['NewDefaultConnectionService', 'DefaultConnectionService']],
      handle: getDefaultConnectionService,
    },
  ],
});
