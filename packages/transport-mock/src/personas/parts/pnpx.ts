/** The elements with which Windows recognises a device: namespaces on each, and two with one local name. */
export const PNPX_ELEMENTS: string =
  '<pnpx:X_hardwareId xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/11">' +
  'VEN_0000&amp;DEV_0000&amp;REV_01 VEN_0000&amp;DEV_0000</pnpx:X_hardwareId>' +
  '<pnpx:X_compatibleId xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/11">GenericUmPass</pnpx:X_compatibleId>' +
  '<pnpx:X_deviceCategory xmlns:pnpx="http://schemas.microsoft.com/windows/pnpx/2005/11">' +
  'NetworkInfrastructure.Gateway</pnpx:X_deviceCategory>' +
  '<df:X_deviceCategory xmlns:df="http://schemas.microsoft.com/windows/2008/09/devicefoundation">' +
  'Network.Gateway</df:X_deviceCategory>';
